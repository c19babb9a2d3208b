-- A request's idempotency key: running while `answer` is NULL, until `leased_until` at most.
-- `answer` is encrypted; `claim` names the request that may still give it.
CREATE TABLE idempotency_keys (
    tenant_id    uuid NOT NULL,
    path         text NOT NULL,
    key          text NOT NULL,
    fingerprint  bytea NOT NULL,
    claim        uuid NOT NULL,
    claimed_at   timestamptz NOT NULL DEFAULT now(),
    leased_until timestamptz NOT NULL,
    status       integer,
    answer       bytea,
    PRIMARY KEY (tenant_id, path, key),
    CONSTRAINT idempotency_keys_tenant_known
        FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE,
    CONSTRAINT idempotency_keys_claim_unique UNIQUE (claim),
    CONSTRAINT idempotency_keys_answer_is_whole CHECK ((status IS NULL) = (answer IS NULL))
);

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (claimed_at);
