-- online
-- Deleting an endpoint deletes its deliveries: without it, by reading all of them under a lock.
CREATE INDEX CONCURRENTLY IF NOT EXISTS webhook_deliveries_by_webhook
    ON webhook_deliveries (webhook_id)
