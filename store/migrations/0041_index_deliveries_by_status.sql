-- online
-- An endpoint's log, of one status: among millions that came home a few failed ones are found.
CREATE INDEX CONCURRENTLY IF NOT EXISTS webhook_deliveries_by_status
    ON webhook_deliveries (target, status, seq DESC)
