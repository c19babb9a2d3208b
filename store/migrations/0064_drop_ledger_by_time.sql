-- online
DROP INDEX CONCURRENTLY IF EXISTS ledger_by_time
