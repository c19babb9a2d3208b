-- When a session's words were erased. What is written to it afterwards, by a journal that is replayed
-- late, comes without words as well.
ALTER TABLE sessions
    ADD COLUMN erased_at timestamptz,
    ADD CONSTRAINT sessions_erased_has_ended CHECK (erased_at IS NULL OR ended_at IS NOT NULL);

CREATE OR REPLACE FUNCTION index_turn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_session record;
BEGIN
    SELECT tenant_id, erased_at INTO of_session FROM sessions WHERE id = NEW.session_id;
    IF of_session.erased_at IS NOT NULL THEN
        NEW.user_transcript := '';
        NEW.agent_response := '';
        NEW.tool_rounds := NULL;
    END IF;
    NEW.words := transcript_words(
        of_session.tenant_id, NEW.user_transcript || ' ' || NEW.agent_response);
    RETURN NEW;
END
$$;
