-- A suspended tenant is served nothing; an erased one is nobody any more, and its money's rows stay.
ALTER TABLE tenants
    ADD COLUMN suspended_at timestamptz,
    ADD COLUMN erased_at    timestamptz,
    ADD CONSTRAINT tenants_erased_is_suspended
        CHECK (erased_at IS NULL OR suspended_at IS NOT NULL);

-- As before, but who is suspended gets no session. Who suspends a tenant has its places locked.
CREATE OR REPLACE FUNCTION admit_session(
    p_tenant_id uuid, p_key_id uuid, p_claim uuid,
    p_creates_per_minute integer, p_min_credits numeric, p_places jsonb
) RETURNS TABLE (verdict text, n_recent integer, reset_s double precision, balance numeric)
LANGUAGE plpgsql AS $$
DECLARE
    v_at timestamptz;
    v_recent timestamptz[];
    v_is_admitted boolean;
    v_was_set_back boolean;
BEGIN
    IF p_claim IS NOT NULL THEN
        PERFORM FROM idempotency_keys k WHERE k.claim = p_claim AND k.answer IS NULL FOR UPDATE;
        IF NOT FOUND THEN
            RETURN QUERY SELECT 'claim_lost', 0, 0.0::double precision, 0.0;
            RETURN;
        END IF;
    END IF;
    PERFORM lock_places(p_tenant_id);
    IF (SELECT suspended_at IS NOT NULL FROM tenants WHERE id = p_tenant_id) THEN
        RETURN QUERY SELECT 'suspended', 0, 0.0::double precision, 0.0;
        RETURN;
    END IF;
    v_at := clock_timestamp();
    SELECT coalesce(array_agg(least(one, v_at) ORDER BY one), '{}'),
           coalesce(bool_or(one > v_at), false)
    INTO v_recent, v_was_set_back
    FROM create_windows w, unnest(w.admitted_at) one
    WHERE w.tenant_id = p_tenant_id AND one > v_at - interval '60 s';
    v_is_admitted := cardinality(v_recent) < p_creates_per_minute;
    IF v_is_admitted THEN
        v_recent := v_recent || v_at;
    ELSE  -- only the lock was written: a flood of refusals does not wait for the disk
        PERFORM set_config('synchronous_commit', 'off', true);
    END IF;
    IF v_is_admitted OR v_was_set_back THEN
        UPDATE create_windows SET admitted_at = v_recent WHERE tenant_id = p_tenant_id;
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
