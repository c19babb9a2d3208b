-- A tenant's registered endpoints. `sealed_secret` opens with the settings' key only.
CREATE TABLE webhooks (
    id            uuid PRIMARY KEY,
    tenant_id     uuid NOT NULL,
    url           text NOT NULL,
    events        text[] NOT NULL,
    is_active     boolean NOT NULL DEFAULT true,
    sealed_secret bytea NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT webhooks_tenant_known FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE,
    CONSTRAINT webhooks_url_length CHECK (char_length(url) BETWEEN 1 AND 2048),
    CONSTRAINT webhooks_events_known
        CHECK (cardinality(events) > 0
               AND events <@ ARRAY['voice_session.started', 'voice_session.connected',
                                   'voice_session.ended', 'voice_session.failed'])
);

CREATE INDEX webhooks_by_tenant ON webhooks (tenant_id, created_at DESC, id DESC);
