-- An endpoint that is deleted is gone for everybody at once; its log, which may be millions of rows,
-- goes afterwards, some rows at a time, and it with the last of them.
ALTER TABLE webhooks ADD COLUMN deleted_at timestamptz;

CREATE INDEX webhooks_to_remove ON webhooks (deleted_at) WHERE deleted_at IS NOT NULL;
