-- What was said, to be searched. `simple` knows no language and so serves all of them; the danda
-- that ends a Hindi or Bengali sentence is no letter. A turn's tenant is one of its words, so that
-- the index finds one tenant's turns only; no text that people say or type comes to a word with =.
CREATE FUNCTION plain_words(p_text text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(normalize(left(p_text, 100000), NFC), '।॥', '  ');

CREATE FUNCTION transcript_words(p_tenant_id uuid, p_text text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN array_to_tsvector(ARRAY['=' || p_tenant_id::text])
       || strip(to_tsvector('pg_catalog.simple'::regconfig, plain_words(p_text)));

-- All words of `p_text`, the last of which may be only begun; NULL, which finds nothing, without any.
CREATE FUNCTION transcript_query(p_tenant_id uuid, p_text text) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ('''=' || p_tenant_id::text || '''')::tsquery
       && (nullif(plainto_tsquery('pg_catalog.simple'::regconfig, plain_words(p_text))::text, '')
           || ':*')::tsquery;

ALTER TABLE turns ADD COLUMN words tsvector;

CREATE FUNCTION index_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.words := transcript_words(
        (SELECT tenant_id FROM sessions WHERE id = NEW.session_id),
        NEW.user_transcript || ' ' || NEW.agent_response);
    RETURN NEW;
END
$$;

CREATE TRIGGER turns_are_indexed BEFORE INSERT OR UPDATE OF user_transcript, agent_response ON turns
    FOR EACH ROW EXECUTE FUNCTION index_turn();

UPDATE turns SET words = transcript_words(s.tenant_id, user_transcript || ' ' || agent_response)
FROM sessions s WHERE s.id = session_id;

CREATE INDEX turns_by_words ON turns USING gin (words);
