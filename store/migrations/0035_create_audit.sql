-- Who did what to a tenant's keys, money and sessions. No foreign keys: it outlives what it names.
CREATE TABLE audit (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id  uuid NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    actor_kind text NOT NULL,
    actor_id   text NOT NULL,
    action     text NOT NULL,
    resource   text NOT NULL,
    address    text,
    CONSTRAINT audit_actor_kind_known CHECK (actor_kind IN ('key', 'jwt', 'cli'))
);

CREATE INDEX audit_by_tenant ON audit (tenant_id, id DESC);
