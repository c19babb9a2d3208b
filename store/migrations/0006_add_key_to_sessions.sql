-- The key that created it, whose budget its charges use up; NULL when a person did.
ALTER TABLE sessions
    ADD COLUMN key_id uuid,
    ADD CONSTRAINT sessions_key_known FOREIGN KEY (key_id) REFERENCES api_keys (id) ON DELETE SET NULL;
