-- What a model makes of a session that is over: asked for when it ends, in the same statement, where
-- its bot wanted that and its words are kept. Whoever leases a row that is due makes it; only the
-- holder of `lease_id` may write what came of it.
CREATE TABLE analyses (
    session_id      uuid PRIMARY KEY,
    status          text NOT NULL DEFAULT 'pending',
    summary         text,
    sentiment       text,
    disposition     text,
    goal_met        boolean,
    extracted       text,
    model           text,
    error           text,
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz DEFAULT now(),
    lease_id        uuid,
    leased_until    timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT analyses_session_known
        FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
    CONSTRAINT analyses_status_known CHECK (status IN ('pending', 'ready', 'failed')),
    CONSTRAINT analyses_pending_has_time
        CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL)),
    CONSTRAINT analyses_failed_has_error CHECK (status <> 'failed' OR error IS NOT NULL),
    CONSTRAINT analyses_attempts_not_negative CHECK (attempts >= 0)
) WITH (fillfactor = 80);

CREATE INDEX analyses_due ON analyses (next_attempt_at) WHERE status = 'pending';

CREATE FUNCTION ask_for_analysis() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO analyses (session_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER sessions_ask_for_analysis AFTER UPDATE OF status ON sessions FOR EACH ROW
    WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND NEW.config ? 'analysis'
          AND NEW.config ->> 'store_transcript' IS DISTINCT FROM 'false')
    EXECUTE FUNCTION ask_for_analysis();
