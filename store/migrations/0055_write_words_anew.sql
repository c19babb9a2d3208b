-- online
-- Every turn's words as `transcript_words` has them by now, some turns a transaction. What is right
-- already is left alone.
DO $$
DECLARE
    v_after uuid := '00000000-0000-0000-0000-000000000000';
    v_last uuid;
BEGIN
    LOOP
        WITH batch AS (
            SELECT t.id, transcript_words(
                s.tenant_id, t.user_transcript || ' ' || t.agent_response) AS words
            FROM turns t JOIN sessions s ON s.id = t.session_id
            WHERE t.id > v_after ORDER BY t.id LIMIT 500
        ), changed AS (
            UPDATE turns t SET words = b.words FROM batch b
            WHERE t.id = b.id AND t.words IS DISTINCT FROM b.words
        )
        SELECT id INTO v_last FROM batch ORDER BY id DESC LIMIT 1;
        EXIT WHEN NOT FOUND;
        v_after := v_last;
        COMMIT;
    END LOOP;
END
$$
