CREATE TABLE sessions (
    id                  uuid PRIMARY KEY,
    tenant_id           uuid NOT NULL,
    bot_id              uuid,
    status              text NOT NULL DEFAULT 'created',
    config              jsonb NOT NULL,
    room_name           text NOT NULL,
    metadata            jsonb,
    webhook_url         text,
    started_at          timestamptz,
    ended_at            timestamptz,
    end_reason          text,
    turn_count          integer NOT NULL DEFAULT 0,
    total_audio_seconds double precision NOT NULL DEFAULT 0,
    created_at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT sessions_tenant_known FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE,
    CONSTRAINT sessions_room_name_unique UNIQUE (room_name),
    CONSTRAINT sessions_status_known
        CHECK (status IN ('created', 'active', 'completed', 'failed', 'timeout')),
    CONSTRAINT sessions_end_is_whole
        CHECK ((status IN ('created', 'active')) = (ended_at IS NULL)
               AND (ended_at IS NULL) = (end_reason IS NULL)),
    CONSTRAINT sessions_end_reason_fits_status
        CHECK (CASE status
                   WHEN 'completed' THEN end_reason IN ('caller_hangup', 'agent_closed',
                       'max_duration', 'no_input', 'budget_exhausted', 'api_delete')
                   WHEN 'failed' THEN end_reason IN ('agent_error', 'start_failed',
                       'concurrency_limit')
                   WHEN 'timeout' THEN end_reason IN ('timeout', 'token_expired')
                   ELSE end_reason IS NULL
               END),
    CONSTRAINT sessions_active_has_started CHECK (status <> 'active' OR started_at IS NOT NULL),
    CONSTRAINT sessions_ended_after_start CHECK (ended_at >= started_at),
    CONSTRAINT sessions_counts_not_negative CHECK (turn_count >= 0 AND total_audio_seconds >= 0)
);

-- A tenant's list, newest first: whole, and of one status.
CREATE INDEX sessions_by_tenant ON sessions (tenant_id, created_at DESC, id DESC);
CREATE INDEX sessions_by_tenant_status ON sessions (tenant_id, status, created_at DESC, id DESC);
