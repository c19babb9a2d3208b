-- When an agent was last sent for again; whoever sets it is the one that sends.
ALTER TABLE sessions ADD COLUMN redispatched_at timestamptz;
CREATE INDEX sessions_living ON sessions (created_at) WHERE status IN ('created', 'active');
