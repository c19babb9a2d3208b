-- online
CREATE INDEX CONCURRENTLY IF NOT EXISTS sessions_by_tenant_goal_met
    ON sessions (tenant_id, goal_met, created_at DESC, id DESC) WHERE goal_met IS NOT NULL
