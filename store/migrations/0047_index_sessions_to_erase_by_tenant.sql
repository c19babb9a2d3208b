-- online
-- A tenant's sessions whose words are kept, by age.
CREATE INDEX CONCURRENTLY IF NOT EXISTS sessions_to_erase_by_tenant
    ON sessions (tenant_id, ended_at) WHERE erased_at IS NULL AND ended_at IS NOT NULL
