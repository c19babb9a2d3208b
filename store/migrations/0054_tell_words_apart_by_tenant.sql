-- A word that was said is kept as its tenant's: the index's entries begin with whose they are, so that
-- a word only begun costs what the tenant has, not what all have. Eight characters of a tenant's id
-- are enough: the sessions that are found are the tenant's own in any case.
CREATE OR REPLACE FUNCTION transcript_words(p_tenant_id uuid, p_text text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN array_to_tsvector(ARRAY(
    SELECT left(p_tenant_id::text, 8) || '=' || lexeme
    FROM unnest(to_tsvector('pg_catalog.simple'::regconfig, plain_words(p_text)))
    WHERE octet_length(lexeme) <= 1000));

-- All words of `p_text`, the last of which may be only begun if it has two letters; NULL, which finds
-- nothing, without any.
CREATE FUNCTION own_words_query(p_tenant_id uuid, p_text text) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT string_agg(
        '''' || left(p_tenant_id::text, 8) || '='
        || replace(replace(lexeme, '\', '\\'), '''', '''''') || ''''
        || CASE WHEN n_after = 1 AND char_length(lexeme) > 1 THEN ':*' ELSE '' END,
        ' & ')::tsquery
    FROM (SELECT lexeme, row_number() OVER (ORDER BY positions[cardinality(positions)] DESC) AS n_after
          FROM unnest(to_tsvector('pg_catalog.simple'::regconfig, plain_words(p_text)))) AS word);

-- Until every turn's words are written anew, those of the old kind are found as well.
CREATE OR REPLACE FUNCTION transcript_query(p_tenant_id uuid, p_text text) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN own_words_query(p_tenant_id, p_text)
       || (('''=' || p_tenant_id::text || '''')::tsquery
           && (nullif(plainto_tsquery('pg_catalog.simple'::regconfig, plain_words(p_text))::text, '')
               || ':*')::tsquery);
