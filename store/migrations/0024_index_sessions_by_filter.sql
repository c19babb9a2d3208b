-- A tenant's list by what its sessions were made of, newest first. None of it changes after the
-- creation, so that counting a turn still touches no index.
CREATE INDEX sessions_by_tenant_language
    ON sessions (tenant_id, (config ->> 'language'), created_at DESC, id DESC);
CREATE INDEX sessions_by_tenant_model
    ON sessions (tenant_id, (config ->> 'llm_model'), created_at DESC, id DESC);
CREATE INDEX sessions_by_tenant_voice
    ON sessions (tenant_id, (config ->> 'voice'), created_at DESC, id DESC);
CREATE INDEX sessions_by_tenant_bot
    ON sessions (tenant_id, bot_id, created_at DESC, id DESC) WHERE bot_id IS NOT NULL;
