-- online
-- Who has anything to send, and what of it is due: a tenant that has enough is passed over at once.
CREATE INDEX CONCURRENTLY IF NOT EXISTS webhook_deliveries_pending_by_tenant
    ON webhook_deliveries (tenant_id, next_attempt_at, seq) WHERE status = 'pending'
