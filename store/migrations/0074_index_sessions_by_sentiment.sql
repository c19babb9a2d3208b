-- online
CREATE INDEX CONCURRENTLY IF NOT EXISTS sessions_by_tenant_sentiment
    ON sessions (tenant_id, sentiment, created_at DESC, id DESC) WHERE sentiment IS NOT NULL
