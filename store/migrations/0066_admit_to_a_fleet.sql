-- What the workers of a name take and what is taken of it. `is_told` is false where no worker ever
-- told, `capacity` is of those that were seen of late and take sessions.
--
-- `used` are places among those: one for each job there, and one for each living session that has
-- none there: it is about to get its first one, or to move from a worker that drains or is gone.
-- `calls` are the same over all workers. A created session is counted for `p_hold`.
CREATE FUNCTION fleet_use(p_agent_name text, p_living interval, p_hold interval)
RETURNS TABLE (is_told boolean, capacity bigint, used bigint, calls bigint)
LANGUAGE sql AS $$
WITH seen AS MATERIALIZED (
    SELECT w.capacity, w.is_draining, w.sessions FROM workers w
    WHERE w.agent_name = p_agent_name AND w.seen_at > clock_timestamp() - p_living
), jobs AS MATERIALIZED (
    SELECT unnest(sessions) AS id, is_draining FROM seen
), living AS (
    SELECT id FROM sessions
    WHERE status IN ('created', 'active')
      AND (status = 'active' OR created_at BETWEEN clock_timestamp() - p_hold
                                               AND clock_timestamp() + p_hold)
), needs AS (
    SELECT count(*) FILTER (WHERE id NOT IN (SELECT id FROM jobs WHERE NOT is_draining)) AS places,
           count(*) FILTER (WHERE id NOT IN (SELECT id FROM jobs)) AS jobs
    FROM living
)
SELECT EXISTS (SELECT FROM workers w WHERE w.agent_name = p_agent_name),
       (SELECT coalesce(sum(s.capacity), 0) FROM seen s WHERE NOT s.is_draining),
       (SELECT count(*) FROM jobs WHERE NOT is_draining) + needs.places,
       (SELECT count(*) FROM jobs) + needs.jobs
FROM needs
$$;

-- Why the fleet has no place for one more session; NULL where it has one, or nobody can tell.
-- `p_fleet`: `agent_name`, `living_s`, `hold_s`, and in `calls` by what is refused the most calls at
-- once that what all of them share allows. The place is its own until the transaction ends.
CREATE FUNCTION fleet_refusal(p_fleet jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_use record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('fleet ' || (p_fleet ->> 'agent_name'), 0));
    SELECT * INTO v_use FROM fleet_use(
        p_fleet ->> 'agent_name',
        make_interval(secs => (p_fleet ->> 'living_s')::double precision),
        make_interval(secs => (p_fleet ->> 'hold_s')::double precision));
    RETURN CASE
        WHEN v_use.is_told AND v_use.capacity = 0 THEN 'no_worker'
        WHEN v_use.is_told AND v_use.used >= v_use.capacity THEN 'fleet'
        ELSE (SELECT min(key) FROM jsonb_each_text(p_fleet -> 'calls')
              WHERE v_use.calls >= value::bigint)
    END;
END
$$;

-- As before, but without a rate there is none, and nothing counts: it has counted already.
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
    v_is_admitted := p_creates_per_minute IS NULL OR cardinality(v_recent) < p_creates_per_minute;
    IF NOT v_is_admitted THEN
        -- Only the lock was written: a flood of refusals does not wait for the disk.
        PERFORM set_config('synchronous_commit', 'off', true);
    ELSIF p_creates_per_minute IS NOT NULL THEN
        v_recent := v_recent || v_at;
    END IF;
    IF (v_is_admitted AND p_creates_per_minute IS NOT NULL) OR v_was_set_back THEN
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
               coalesce(extract(epoch FROM v_recent[1] + interval '60 s' - v_at), 60)
                   ::double precision,
               t.balance
        FROM tenants t LEFT JOIN api_keys k ON k.id = p_key_id
        WHERE t.id = p_tenant_id;
END
$$;

-- Whether a session may be created: what concerns its tenant, then whether the fleet, where one is
-- named, has a place. Whoever waits for the fleet has the tenant's places locked, never the reverse.
CREATE FUNCTION admit_to_fleet(
    p_tenant_id uuid, p_key_id uuid, p_claim uuid,
    p_creates_per_minute integer, p_min_credits numeric, p_places jsonb, p_fleet jsonb
) RETURNS TABLE (verdict text, n_recent integer, reset_s double precision, balance numeric)
LANGUAGE plpgsql AS $$
BEGIN
    SELECT a.verdict, a.n_recent, a.reset_s, a.balance
    INTO verdict, n_recent, reset_s, balance
    FROM admit_session(p_tenant_id, p_key_id, p_claim, p_creates_per_minute, p_min_credits,
                       p_places) a;
    IF verdict = 'admitted' AND p_fleet IS NOT NULL THEN
        verdict := coalesce(fleet_refusal(p_fleet), verdict);
    END IF;
    RETURN NEXT;
END
$$;
