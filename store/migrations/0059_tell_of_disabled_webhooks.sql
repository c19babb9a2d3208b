-- Other endpoints of a tenant are told of one that was disabled.
ALTER TABLE webhooks DROP CONSTRAINT webhooks_events_known;
ALTER TABLE webhooks ADD CONSTRAINT webhooks_events_known
    CHECK (cardinality(events) > 0
           AND events <@ ARRAY['voice_session.started', 'voice_session.connected',
                               'voice_session.ended', 'voice_session.failed',
                               'webhook.disabled']) NOT VALID;
