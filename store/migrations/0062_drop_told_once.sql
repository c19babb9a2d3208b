-- online
DROP INDEX CONCURRENTLY IF EXISTS webhook_deliveries_told_once
