-- online
-- As `webhook_deliveries_told_once`; but of endpoints that were disabled a session may tell more
-- than once, as each of them may have failed at one of its events.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS webhook_deliveries_told_one_time
    ON webhook_deliveries (session_id, target,
        (CASE WHEN event = 'voice_session.failed' THEN 'voice_session.ended' ELSE event END))
    WHERE replay_of IS NULL AND event <> 'webhook.disabled'
