-- The plaintext of a key is never stored: `hash` is its SHA-256, `prefix` what a list may show.
CREATE TABLE api_keys (
    id              uuid PRIMARY KEY,
    tenant_id       uuid NOT NULL,
    name            text NOT NULL,
    prefix          text NOT NULL,
    hash            bytea NOT NULL,
    permissions     text NOT NULL DEFAULT '*',
    scopes          text NOT NULL DEFAULT '',
    allowed_domains text NOT NULL DEFAULT '*',
    allowed_models  text NOT NULL DEFAULT '*',
    rate_limit_rpm  integer,
    budget_limit    numeric(18, 6),
    budget_used     numeric(18, 6) NOT NULL DEFAULT 0,
    is_active       boolean NOT NULL DEFAULT true,
    expires_at      timestamptz,
    last_used_at    timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT api_keys_tenant_known FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE,
    CONSTRAINT api_keys_hash_unique UNIQUE (hash),
    CONSTRAINT api_keys_hash_is_sha256 CHECK (octet_length(hash) = 32),
    CONSTRAINT api_keys_name_length CHECK (char_length(name) BETWEEN 1 AND 255),
    CONSTRAINT api_keys_rate_limit_positive CHECK (rate_limit_rpm > 0),
    CONSTRAINT api_keys_budget_not_negative CHECK (budget_limit >= 0)
);

CREATE INDEX api_keys_by_tenant ON api_keys (tenant_id, created_at DESC, id DESC);
