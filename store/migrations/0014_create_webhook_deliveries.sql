-- The outbox: one row an event and address, written with the change of the session that it tells.
--
-- `webhook_id` NULL is the session's own URL. Rows of one session and `target` are sent in the order
-- of `seq`. A pending row is someone's until `leased_until`; only the holder of `lease_id` may
-- record what came of it.
CREATE TABLE webhook_deliveries (
    id              uuid PRIMARY KEY,
    seq             bigint GENERATED ALWAYS AS IDENTITY,
    tenant_id       uuid NOT NULL,
    session_id      uuid NOT NULL,
    webhook_id      uuid,
    target          uuid NOT NULL GENERATED ALWAYS AS (coalesce(webhook_id, tenant_id)) STORED,
    url             text NOT NULL,
    event           text NOT NULL,
    data            jsonb NOT NULL,
    occurred_at     timestamptz NOT NULL DEFAULT now(),
    status          text NOT NULL DEFAULT 'pending',
    attempts        integer NOT NULL DEFAULT 0,
    status_code     integer,
    error           text,
    latency_ms      integer,
    created_at      timestamptz NOT NULL DEFAULT now(),
    delivered_at    timestamptz,
    next_attempt_at timestamptz DEFAULT now(),
    lease_id        uuid,
    leased_until    timestamptz,
    replay_of       uuid,
    CONSTRAINT webhook_deliveries_tenant_known
        FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE,
    CONSTRAINT webhook_deliveries_session_known
        FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
    CONSTRAINT webhook_deliveries_webhook_known
        FOREIGN KEY (webhook_id) REFERENCES webhooks (id) ON DELETE CASCADE,
    CONSTRAINT webhook_deliveries_status_known
        CHECK (status IN ('pending', 'succeeded', 'failed')),
    CONSTRAINT webhook_deliveries_pending_has_time
        CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL)),
    CONSTRAINT webhook_deliveries_succeeded_has_time
        CHECK ((status = 'succeeded') = (delivered_at IS NOT NULL)),
    CONSTRAINT webhook_deliveries_counts_not_negative CHECK (attempts >= 0 AND latency_ms >= 0)
) WITH (fillfactor = 80);

-- What is due; an endpoint's log; a session's, which also tells what goes before what is due.
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at, seq)
    WHERE status = 'pending';
CREATE INDEX webhook_deliveries_by_target ON webhook_deliveries (target, seq DESC);
CREATE INDEX webhook_deliveries_by_session ON webhook_deliveries (session_id, target, seq DESC);

-- A session tells its start and its end once to each address, whatever writes to this table.
CREATE UNIQUE INDEX webhook_deliveries_told_once
    ON webhook_deliveries (session_id, target,
        (CASE WHEN event = 'voice_session.failed' THEN 'voice_session.ended' ELSE event END))
    WHERE replay_of IS NULL;
