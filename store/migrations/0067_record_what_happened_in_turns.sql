-- Who served a turn, which passages its model was given, and what went wrong in it. Where a session
-- keeps no words, its turns have no passages, and of what was called only names, outcomes and times.
ALTER TABLE turns
    ADD COLUMN upstream jsonb,
    ADD COLUMN passages jsonb,
    ADD COLUMN faults   jsonb;

-- Tool rounds without arguments and results. A name is a word of the model's unless a tool has it, which
-- is certain only of calls that were begun under a known name.
CREATE FUNCTION wordless_rounds(p_rounds jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT jsonb_agg((
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'name', CASE WHEN jsonb_typeof(called -> 'began_at_ms') = 'number'
                              AND called ->> 'outcome' IS DISTINCT FROM 'unknown_tool'
                         THEN called ->> 'name' ELSE '' END,
            'outcome', CASE WHEN called ->> 'outcome' IN
                                 ('succeeded', 'failed', 'timed_out', 'refused', 'unknown_tool')
                            THEN called -> 'outcome' END,
            'began_at_ms', CASE jsonb_typeof(called -> 'began_at_ms')
                           WHEN 'number' THEN called -> 'began_at_ms' END,
            'duration_ms', CASE jsonb_typeof(called -> 'duration_ms')
                           WHEN 'number' THEN called -> 'duration_ms' END)), '[]')
        FROM jsonb_array_elements(
            CASE jsonb_typeof(made) WHEN 'array' THEN made ELSE '[]' END) AS called
        WHERE jsonb_typeof(called) = 'object'))
    FROM jsonb_array_elements(
        CASE jsonb_typeof(p_rounds) WHEN 'array' THEN p_rounds ELSE '[]' END) AS made);

CREATE OR REPLACE FUNCTION index_turn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_session record;
BEGIN
    SELECT tenant_id, erased_at IS NOT NULL OR config ->> 'store_transcript' = 'false' AS is_wordless
    INTO of_session FROM sessions WHERE id = NEW.session_id;
    IF of_session.is_wordless THEN
        NEW.user_transcript := '';
        NEW.agent_response := '';
        NEW.tool_rounds := wordless_rounds(NEW.tool_rounds);
        NEW.passages := NULL;
    END IF;
    NEW.words := transcript_words(
        of_session.tenant_id, NEW.user_transcript || ' ' || NEW.agent_response);
    RETURN NEW;
END
$$;
