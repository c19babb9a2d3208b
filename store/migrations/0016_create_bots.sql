-- `config` holds the fields that a session takes over, as they were checked when they were given.
-- A session keeps a copy of what it took over: bots come and go without it.
CREATE TABLE bots (
    id            uuid PRIMARY KEY,
    tenant_id     uuid NOT NULL,
    name          text NOT NULL,
    system_prompt text,
    config        jsonb NOT NULL DEFAULT '{}',
    is_active     boolean NOT NULL DEFAULT true,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT bots_tenant_known FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE,
    CONSTRAINT bots_name_length CHECK (char_length(name) BETWEEN 1 AND 255),
    CONSTRAINT bots_system_prompt_length CHECK (char_length(system_prompt) <= 20000),
    CONSTRAINT bots_config_is_object CHECK (jsonb_typeof(config) = 'object')
);

CREATE INDEX bots_by_tenant ON bots (tenant_id, created_at DESC, id DESC);
