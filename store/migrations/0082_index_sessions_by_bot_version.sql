-- online
CREATE INDEX CONCURRENTLY IF NOT EXISTS sessions_by_tenant_bot_version
    ON sessions (tenant_id, bot_id, (config ->> 'bot_version'), created_at DESC, id DESC)
    WHERE bot_id IS NOT NULL
