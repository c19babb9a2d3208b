-- Endpoints are told of a session's analysis.
ALTER TABLE webhooks DROP CONSTRAINT webhooks_events_known;
ALTER TABLE webhooks ADD CONSTRAINT webhooks_events_known
    CHECK (cardinality(events) > 0
           AND events <@ ARRAY['voice_session.started', 'voice_session.connected',
                               'voice_session.ended', 'voice_session.failed',
                               'voice_session.analyzed', 'webhook.disabled']) NOT VALID;
