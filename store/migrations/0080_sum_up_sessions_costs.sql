-- What a session cost so far, kept where charges are posted: a list adds up no ledger. It is null for
-- sessions from before this, of which only the ledger knows.
ALTER TABLE sessions ADD COLUMN cost numeric(18, 6);
ALTER TABLE sessions ALTER COLUMN cost SET DEFAULT 0;

CREATE OR REPLACE FUNCTION post_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tenants t SET balance = t.balance + moved.credits
    FROM (SELECT tenant_id, sum(credits) AS credits FROM posted GROUP BY tenant_id) moved
    WHERE t.id = moved.tenant_id;
    UPDATE api_keys k SET budget_used = k.budget_used - charged.credits
    FROM (SELECT s.key_id, sum(p.credits) AS credits
          FROM posted p JOIN sessions s ON s.id = p.session_id
          WHERE p.kind = 'charge' AND s.key_id IS NOT NULL GROUP BY s.key_id) charged
    WHERE k.id = charged.key_id;
    UPDATE sessions s SET cost = s.cost - charged.credits
    FROM (SELECT session_id, sum(credits) AS credits
          FROM posted WHERE kind = 'charge' GROUP BY session_id) charged
    WHERE s.id = charged.session_id;
    RETURN NULL;
END
$$;
