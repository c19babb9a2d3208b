-- A revoked key stays for what refers to it; it is listed nowhere and opens nothing.
ALTER TABLE api_keys
    ADD COLUMN revoked_at timestamptz,
    ADD CONSTRAINT api_keys_revoked_is_inactive CHECK (revoked_at IS NULL OR NOT is_active);
