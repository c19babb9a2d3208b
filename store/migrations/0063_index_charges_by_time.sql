-- online
-- As `ledger_by_time`, but no list of all of a tenant's movements is read by it: it is everybody's.
CREATE INDEX CONCURRENTLY IF NOT EXISTS charges_by_time ON ledger (created_at) WHERE kind = 'charge'
