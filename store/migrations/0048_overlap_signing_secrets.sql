-- The secret that a rotation replaced signs beside the new one for a day.
ALTER TABLE webhooks
    ADD COLUMN previous_sealed_secret bytea,
    ADD COLUMN rotated_at             timestamptz,
    ADD CONSTRAINT webhooks_previous_was_rotated
        CHECK (previous_sealed_secret IS NULL OR rotated_at IS NOT NULL);

ALTER TABLE webhook_default_secrets ADD COLUMN previous_sealed_secret bytea;
