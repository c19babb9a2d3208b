-- Objects in the store of recordings: a piece for each job that recorded, and what was put together
-- of pieces (no epoch). One that is discarded has a row until the store has it no more.
CREATE TABLE recordings (
    key         text NOT NULL,
    tenant_id   uuid NOT NULL,
    session_id  uuid NOT NULL,
    epoch       integer,
    n_pieces    integer NOT NULL,
    is_playable boolean NOT NULL,
    duration_ms integer NOT NULL,
    state       text NOT NULL DEFAULT 'announced',
    kept_from   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT recordings_pkey PRIMARY KEY (key),
    CONSTRAINT recordings_session_known FOREIGN KEY (session_id) REFERENCES sessions (id),
    CONSTRAINT recordings_state_known CHECK (state IN ('announced', 'stored', 'discarded'))
);

CREATE INDEX recordings_of_session ON recordings (session_id);
CREATE INDEX recordings_by_age ON recordings (kept_from) WHERE state <> 'discarded';
CREATE INDEX recordings_of_tenant ON recordings (tenant_id, kept_from) WHERE state <> 'discarded';
CREATE INDEX recordings_discarded ON recordings (key) WHERE state = 'discarded';

ALTER TABLE tenant_retention
    ADD COLUMN recordings_days integer,
    ADD CONSTRAINT tenant_retention_recordings_days_positive CHECK (recordings_days > 0);
