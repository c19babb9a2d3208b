-- Who was let into a session's room to hear it, and by what right: with it their listening ends.
CREATE TABLE room_listeners (
    identity   text NOT NULL,
    session_id uuid NOT NULL,
    key_hash   bytea,
    until      timestamptz,
    CONSTRAINT room_listeners_pkey PRIMARY KEY (identity),
    CONSTRAINT room_listeners_session_known
        FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
    CONSTRAINT room_listeners_come_by_something CHECK ((key_hash IS NULL) <> (until IS NULL))
);
CREATE INDEX room_listeners_session ON room_listeners (session_id);
