-- Money in credits, one row a movement: what a tenant gains is positive, a charge is not.
CREATE TABLE ledger (
    id            uuid PRIMARY KEY,
    tenant_id     uuid NOT NULL,
    kind          text NOT NULL,
    credits       numeric(18, 6) NOT NULL,
    session_id    uuid,
    service       text,
    model         text,
    input_tokens  bigint NOT NULL DEFAULT 0,
    output_tokens bigint NOT NULL DEFAULT 0,
    characters    bigint NOT NULL DEFAULT 0,
    audio_seconds numeric(18, 3) NOT NULL DEFAULT 0,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ledger_tenant_known FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE,
    CONSTRAINT ledger_session_known FOREIGN KEY (session_id) REFERENCES sessions (id),
    CONSTRAINT ledger_kind_known CHECK (kind IN ('grant', 'charge', 'adjustment')),
    CONSTRAINT ledger_charge_is_whole
        CHECK (kind <> 'charge' OR (credits <= 0 AND session_id IS NOT NULL AND model IS NOT NULL
                                    AND service IN ('stt', 'llm', 'tts'))),
    CONSTRAINT ledger_quantities_not_negative
        CHECK (input_tokens >= 0 AND output_tokens >= 0 AND characters >= 0 AND audio_seconds >= 0)
);

CREATE INDEX ledger_by_tenant ON ledger (tenant_id, created_at DESC, id DESC);
CREATE INDEX ledger_by_session ON ledger (session_id) WHERE session_id IS NOT NULL;

-- The one place where a balance and a key's used budget change: with the rows that they sum up.
CREATE FUNCTION post_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tenants t SET balance = t.balance + moved.credits
    FROM (SELECT tenant_id, sum(credits) AS credits FROM posted GROUP BY tenant_id) moved
    WHERE t.id = moved.tenant_id;
    UPDATE api_keys k SET budget_used = k.budget_used - charged.credits
    FROM (SELECT s.key_id, sum(p.credits) AS credits
          FROM posted p JOIN sessions s ON s.id = p.session_id
          WHERE p.kind = 'charge' AND s.key_id IS NOT NULL GROUP BY s.key_id) charged
    WHERE k.id = charged.key_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER ledger_posts AFTER INSERT ON ledger
    REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION post_ledger();
