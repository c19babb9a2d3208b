-- online
-- Charges of one hour, whoever's, to be summed up.
CREATE INDEX CONCURRENTLY IF NOT EXISTS ledger_by_time ON ledger (created_at)
