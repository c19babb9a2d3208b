-- How many days a tenant's own things are kept where that is fewer than the settings say.
CREATE TABLE tenant_retention (
    tenant_id        uuid NOT NULL,
    transcripts_days integer,
    deliveries_days  integer,
    audit_days       integer,
    CONSTRAINT tenant_retention_pkey PRIMARY KEY (tenant_id),
    CONSTRAINT tenant_retention_tenant_known
        FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE,
    CONSTRAINT tenant_retention_days_positive
        CHECK (transcripts_days > 0 AND deliveries_days > 0 AND audit_days > 0)
);
