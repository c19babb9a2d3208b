-- Latencies of turns, summed up by hour and by day: how many fell into each bucket. Buckets grow by
-- 2.02 %, so that what is read back is right to 1 % (a DDSketch); 0 ms has one of its own, the first.
CREATE FUNCTION latency_bucket(p_ms integer) RETURNS smallint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN p_ms <= 0 THEN -1
            ELSE ceil(ln(p_ms::double precision) / ln(1.01 / 0.99) - 1e-9)::smallint END;

CREATE FUNCTION latency_of(p_bucket integer) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN p_bucket < 0 THEN 0 ELSE least(
    round(2 * power(1.01 / 0.99, p_bucket::double precision) / (1.01 / 0.99 + 1)),
    2147483647)::integer END;

-- One row for each stage of the turns that have the same model, voice and language, and of those
-- that have some or none of them alike: `told_apart` says which, 1 model, 2 voice, 4 language, and
-- the others are NULL. The stage `turn` counts the turns. Days are UTC's.
CREATE TABLE latency_rollups (
    tenant_id  uuid NOT NULL,
    grain      text NOT NULL,
    begins_at  timestamptz NOT NULL,
    told_apart smallint NOT NULL,
    llm_model  text,
    voice      text,
    language   text,
    stage      text NOT NULL,
    n          bigint NOT NULL,
    p50        smallint NOT NULL,
    p95        smallint NOT NULL,
    p99        smallint NOT NULL,
    buckets    smallint[] NOT NULL,
    counts     bigint[] NOT NULL,
    CONSTRAINT latency_rollups_tenant_known
        FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE,
    CONSTRAINT latency_rollups_grain_known CHECK (grain IN ('hour', 'day')),
    CONSTRAINT latency_rollups_told_apart_known CHECK (told_apart BETWEEN 0 AND 7),
    CONSTRAINT latency_rollups_pairs CHECK (cardinality(buckets) = cardinality(counts))
);

CREATE INDEX latency_rollups_by_tenant
    ON latency_rollups (tenant_id, told_apart, grain, begins_at);
CREATE INDEX latency_rollups_by_time ON latency_rollups (grain, begins_at);

-- Every hour before this one is rolled up.
CREATE TABLE rollup_state (
    is_only      boolean PRIMARY KEY DEFAULT true,
    rolled_until timestamptz NOT NULL,
    CONSTRAINT rollup_state_is_one CHECK (is_only)
);

-- Hours that were, and have got another turn since: a clock was set back, or a row came very late.
CREATE TABLE late_hours (
    tenant_id uuid NOT NULL,
    begins_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, begins_at),
    CONSTRAINT late_hours_tenant_known
        FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE
);

CREATE FUNCTION mark_late_hours() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added a JOIN rollup_state r ON a.created_at < r.rolled_until) THEN
        INSERT INTO late_hours (tenant_id, begins_at)
        SELECT DISTINCT s.tenant_id, date_trunc('hour', a.created_at, 'UTC')
        FROM added a JOIN sessions s ON s.id = a.session_id
        JOIN rollup_state r ON a.created_at < r.rolled_until
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER turns_mark_late_hours AFTER INSERT ON turns REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION mark_late_hours();
