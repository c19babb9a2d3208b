-- What was used and charged, summed up by hour beside the latencies, which are summed up anew with it.
CREATE TABLE usage_rollups (
    tenant_id     uuid NOT NULL,
    begins_at     timestamptz NOT NULL,
    turns         bigint NOT NULL,
    audio_seconds double precision NOT NULL,
    CONSTRAINT usage_rollups_pkey PRIMARY KEY (tenant_id, begins_at),
    CONSTRAINT usage_rollups_tenant_known
        FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE
);

CREATE TABLE charge_rollups (
    tenant_id     uuid NOT NULL,
    begins_at     timestamptz NOT NULL,
    service       text NOT NULL,
    model         text NOT NULL,
    credits       numeric NOT NULL,
    input_tokens  bigint NOT NULL,
    output_tokens bigint NOT NULL,
    characters    bigint NOT NULL,
    audio_seconds numeric NOT NULL,
    CONSTRAINT charge_rollups_pkey PRIMARY KEY (tenant_id, begins_at, service, model),
    CONSTRAINT charge_rollups_tenant_known
        FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE
);

CREATE FUNCTION mark_late_charges() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO late_hours (tenant_id, begins_at)
    SELECT DISTINCT a.tenant_id, date_trunc('hour', a.created_at, 'UTC')
    FROM added a JOIN rollup_state r ON a.created_at < r.rolled_until
    WHERE a.kind = 'charge'
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER ledger_marks_late_hours AFTER INSERT ON ledger REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION mark_late_charges();

TRUNCATE latency_rollups;
DELETE FROM rollup_state;
