-- online
-- Deliveries that are over, by age.
CREATE INDEX CONCURRENTLY IF NOT EXISTS webhook_deliveries_by_age
    ON webhook_deliveries (created_at) WHERE status <> 'pending'
