-- How often a key was used in the minute at hand. Unlogged: a crash of the server starts every
-- minute anew, and in exchange no request waits for the disk.
CREATE UNLOGGED TABLE key_windows (
    key_id     uuid PRIMARY KEY,
    started_at timestamptz NOT NULL,
    n_requests bigint NOT NULL,
    CONSTRAINT key_windows_key_known FOREIGN KEY (key_id) REFERENCES api_keys (id) ON DELETE CASCADE
) WITH (fillfactor = 50);
