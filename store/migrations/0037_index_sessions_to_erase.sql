-- online
-- Sessions whose words are kept, by age.
CREATE INDEX CONCURRENTLY IF NOT EXISTS sessions_to_erase
    ON sessions (ended_at) WHERE erased_at IS NULL AND ended_at IS NOT NULL
