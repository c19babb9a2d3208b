-- online
CREATE INDEX CONCURRENTLY IF NOT EXISTS sessions_by_tenant_end_reason
    ON sessions (tenant_id, end_reason, created_at DESC, id DESC) WHERE end_reason IS NOT NULL
