-- What came of each attempt; `error` is one of our own words, NULL for a success.
CREATE TABLE webhook_attempts (
    delivery_id  uuid NOT NULL,
    number       integer NOT NULL,
    attempted_at timestamptz NOT NULL,
    status_code  integer,
    error        text,
    latency_ms   integer NOT NULL,
    CONSTRAINT webhook_attempts_pkey PRIMARY KEY (delivery_id, number),
    CONSTRAINT webhook_attempts_delivery_known
        FOREIGN KEY (delivery_id) REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    CONSTRAINT webhook_attempts_number_positive CHECK (number > 0),
    CONSTRAINT webhook_attempts_latency_not_negative CHECK (latency_ms >= 0)
);
