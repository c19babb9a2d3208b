-- How many sessions a tenant has in each status: a list tells the total, and counting a million
-- rows for each page would take longer than the page. Kept by statement, rows in one order, so
-- that two statements cannot wait for each other.
CREATE TABLE session_counts (
    tenant_id uuid NOT NULL,
    status    text NOT NULL,
    n         bigint NOT NULL,
    CONSTRAINT session_counts_pkey PRIMARY KEY (tenant_id, status),
    CONSTRAINT session_counts_tenant_known
        FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE,
    CONSTRAINT session_counts_not_negative CHECK (n >= 0)
);

CREATE FUNCTION count_added_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO session_counts AS kept (tenant_id, status, n)
    SELECT tenant_id, status, count(*) FROM added GROUP BY tenant_id, status ORDER BY 1, 2
    ON CONFLICT ON CONSTRAINT session_counts_pkey DO UPDATE SET n = kept.n + excluded.n;
    RETURN NULL;
END $$;

CREATE FUNCTION count_changed_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Most changes leave the status alone.
    IF NOT EXISTS (SELECT FROM before JOIN after USING (id) WHERE before.status <> after.status)
    THEN
        RETURN NULL;
    END IF;
    INSERT INTO session_counts AS kept (tenant_id, status, n)
    SELECT tenant_id, status, 0 FROM after GROUP BY tenant_id, status ORDER BY 1, 2
    ON CONFLICT ON CONSTRAINT session_counts_pkey DO NOTHING;
    PERFORM FROM session_counts
    WHERE (tenant_id, status) IN
        (SELECT tenant_id, status FROM before UNION SELECT tenant_id, status FROM after)
    ORDER BY tenant_id, status FOR UPDATE;
    UPDATE session_counts AS kept SET n = kept.n + moved.n
    FROM (
        SELECT tenant_id, status, sum(n) AS n
        FROM (
            SELECT tenant_id, status, -1 AS n FROM before
            UNION ALL
            SELECT tenant_id, status, 1 FROM after
        ) AS one
        GROUP BY tenant_id, status
    ) AS moved
    WHERE (kept.tenant_id, kept.status) = (moved.tenant_id, moved.status) AND moved.n <> 0;
    RETURN NULL;
END $$;

CREATE FUNCTION count_removed_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE session_counts AS kept SET n = kept.n - gone.n
    FROM (SELECT tenant_id, status, count(*) AS n FROM removed GROUP BY tenant_id, status) AS gone
    WHERE (kept.tenant_id, kept.status) = (gone.tenant_id, gone.status);
    RETURN NULL;
END $$;

LOCK TABLE sessions IN SHARE ROW EXCLUSIVE MODE;

INSERT INTO session_counts SELECT tenant_id, status, count(*) FROM sessions GROUP BY 1, 2;

CREATE TRIGGER count_added AFTER INSERT ON sessions REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION count_added_sessions();
CREATE TRIGGER count_changed AFTER UPDATE ON sessions
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION count_changed_sessions();
CREATE TRIGGER count_removed AFTER DELETE ON sessions REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION count_removed_sessions();
