-- online
CREATE INDEX CONCURRENTLY IF NOT EXISTS sessions_by_tenant_disposition
    ON sessions (tenant_id, disposition, created_at DESC, id DESC) WHERE disposition IS NOT NULL
