CREATE TABLE tenants (
    id         uuid PRIMARY KEY,
    name       text NOT NULL,
    plan       text NOT NULL DEFAULT 'free',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT tenants_name_length CHECK (char_length(name) BETWEEN 1 AND 255),
    CONSTRAINT tenants_plan_known CHECK (plan IN ('free', 'starter', 'pro', 'enterprise'))
);
