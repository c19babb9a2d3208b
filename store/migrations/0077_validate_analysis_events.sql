-- online
ALTER TABLE webhooks VALIDATE CONSTRAINT webhooks_events_known
