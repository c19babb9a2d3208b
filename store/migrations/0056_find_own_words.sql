-- No turn has words of the old kind any more.
CREATE OR REPLACE FUNCTION transcript_query(p_tenant_id uuid, p_text text) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN own_words_query(p_tenant_id, p_text);
