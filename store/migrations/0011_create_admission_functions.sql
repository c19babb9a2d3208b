-- Functions, because each of their statements sees what was committed before the lock was had:
-- a single statement would count with the eyes of the moment before it waited.

-- Wait for the tenant's turn to gain a place; held until the transaction ends.
CREATE FUNCTION lock_places(p_tenant_id uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO create_windows (tenant_id) VALUES (p_tenant_id) ON CONFLICT DO NOTHING;
    PERFORM FROM create_windows WHERE tenant_id = p_tenant_id FOR UPDATE;
END
$$;

-- Whether the tenant has a place for one more session than there are, `p_but` aside. A plan that
-- `p_places` (plan -> sessions) does not name has no limit. Call it with the places locked.
CREATE FUNCTION has_place(p_tenant_id uuid, p_but uuid, p_places jsonb) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    v_places integer := (SELECT (p_places ->> plan)::integer FROM tenants WHERE id = p_tenant_id);
BEGIN
    RETURN v_places IS NULL OR v_places > (
        SELECT count(*) FROM sessions
        WHERE tenant_id = p_tenant_id AND id IS DISTINCT FROM p_but
          AND (status = 'active'
               OR (status = 'created' AND created_at > clock_timestamp() - interval '60 s')));
END
$$;

-- Whether a created session may become active. The place is its own until the transaction ends.
CREATE FUNCTION may_join(p_session_id uuid, p_places jsonb) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    v_tenant_id uuid := (SELECT tenant_id FROM sessions WHERE id = p_session_id);
BEGIN
    PERFORM lock_places(v_tenant_id);
    RETURN has_place(v_tenant_id, p_session_id, p_places);
END
$$;

-- Whether a session may be created: the claim of its idempotency key, create rate, credits, the
-- key's budget, places, in this order. What the rate lets through counts, whatever comes after.
CREATE FUNCTION admit_session(
    p_tenant_id uuid, p_key_id uuid, p_claim uuid,
    p_creates_per_minute integer, p_min_credits numeric, p_places jsonb
) RETURNS TABLE (verdict text, n_recent integer, reset_s double precision, balance numeric)
LANGUAGE plpgsql AS $$
DECLARE
    v_at timestamptz;
    v_recent timestamptz[];
    v_is_admitted boolean;
BEGIN
    IF p_claim IS NOT NULL THEN
        PERFORM FROM idempotency_keys k WHERE k.claim = p_claim AND k.answer IS NULL FOR UPDATE;
        IF NOT FOUND THEN
            RETURN QUERY SELECT 'claim_lost', 0, 0.0::double precision, 0.0;
            RETURN;
        END IF;
    END IF;
    PERFORM lock_places(p_tenant_id);
    v_at := clock_timestamp();
    v_recent := ARRAY(
        SELECT one FROM create_windows w, unnest(w.admitted_at) one
        WHERE w.tenant_id = p_tenant_id AND one > v_at - interval '60 s' ORDER BY one);
    v_is_admitted := cardinality(v_recent) < p_creates_per_minute;
    IF v_is_admitted THEN
        v_recent := v_recent || v_at;
        UPDATE create_windows SET admitted_at = v_recent WHERE tenant_id = p_tenant_id;
    ELSE  -- only the lock was written: a flood of refusals does not wait for the disk
        PERFORM set_config('synchronous_commit', 'off', true);
    END IF;
    RETURN QUERY
        SELECT CASE
                   WHEN NOT v_is_admitted THEN 'rate'
                   WHEN t.balance < p_min_credits THEN 'credits'
                   WHEN k.budget_used >= k.budget_limit THEN 'budget'
                   WHEN NOT has_place(p_tenant_id, NULL, p_places) THEN 'places'
                   ELSE 'admitted'
               END,
               cardinality(v_recent),
               extract(epoch FROM v_recent[1] + interval '60 s' - v_at)::double precision,
               t.balance
        FROM tenants t LEFT JOIN api_keys k ON k.id = p_key_id
        WHERE t.id = p_tenant_id;
END
$$;
