-- How often a person asked in the minute at hand, as `key_windows` counts keys.
CREATE UNLOGGED TABLE subject_windows (
    tenant_id  uuid NOT NULL,
    subject    text NOT NULL,
    started_at timestamptz NOT NULL,
    n_requests bigint NOT NULL,
    CONSTRAINT subject_windows_pkey PRIMARY KEY (tenant_id, subject),
    CONSTRAINT subject_windows_tenant_known
        FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE
) WITH (fillfactor = 50);
