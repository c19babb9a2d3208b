-- Endpoints that nothing reaches. `failing_since`: the first delivery that was given up since the last
-- one that succeeded; `disabled_at`: when that had gone on for too long. Both go once the endpoint is
-- switched on, or moved. The system does it of itself, and so is somebody in the audit.
ALTER TABLE webhooks
    ADD COLUMN failing_since timestamptz,
    ADD COLUMN disabled_at   timestamptz,
    ADD CONSTRAINT webhooks_disabled_is_inactive CHECK (disabled_at IS NULL OR NOT is_active);

ALTER TABLE audit DROP CONSTRAINT audit_actor_kind_known;
ALTER TABLE audit ADD CONSTRAINT audit_actor_kind_known
    CHECK (actor_kind IN ('key', 'jwt', 'cli', 'system')) NOT VALID;
