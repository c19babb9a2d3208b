-- online
-- Turns of one hour, whoever's, to be summed up.
CREATE INDEX CONCURRENTLY IF NOT EXISTS turns_by_time ON turns (created_at)
