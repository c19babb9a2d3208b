-- When the create rate let a tenant's latest requests through. Its row is also the lock under
-- which a tenant's sessions are counted and gain a place.
CREATE TABLE create_windows (
    tenant_id   uuid PRIMARY KEY,
    admitted_at timestamptz[] NOT NULL DEFAULT '{}',
    CONSTRAINT create_windows_tenant_known
        FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE
) WITH (fillfactor = 50);
