-- Sessions whose config says `store_transcript: false` keep no words: their turns have none, whoever
-- writes them, and what their job remembers so that another can go on is gone with the session's end.
-- `is_emptied`: a job that has not heard of the end puts nothing back.
ALTER TABLE session_holds ADD COLUMN is_emptied boolean NOT NULL DEFAULT false;

CREATE OR REPLACE FUNCTION index_turn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_session record;
BEGIN
    SELECT tenant_id, erased_at IS NOT NULL OR config ->> 'store_transcript' = 'false' AS is_wordless
    INTO of_session FROM sessions WHERE id = NEW.session_id;
    IF of_session.is_wordless THEN
        NEW.user_transcript := '';
        NEW.agent_response := '';
        NEW.tool_rounds := NULL;
    END IF;
    NEW.words := transcript_words(
        of_session.tenant_id, NEW.user_transcript || ' ' || NEW.agent_response);
    RETURN NEW;
END
$$;

CREATE FUNCTION empty_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE session_holds SET memory = NULL, is_emptied = true WHERE session_id = NEW.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER sessions_empty_hold AFTER UPDATE OF status ON sessions FOR EACH ROW
    WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL
          AND NEW.config ->> 'store_transcript' = 'false')
    EXECUTE FUNCTION empty_hold();
