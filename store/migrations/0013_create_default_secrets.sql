-- What deliveries to a session's own URL are signed with; made when it is first needed.
CREATE TABLE webhook_default_secrets (
    tenant_id     uuid PRIMARY KEY,
    sealed_secret bytea NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT webhook_default_secrets_tenant_known
        FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE
);
