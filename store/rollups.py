"""Rolls up: turns and charges of an hour into sums and buckets, hours of a day into the day's.

An hour is rolled up a minute after it is over, and after every transaction that was writing then;
a turn that comes to it later still marks it (`late_hours`), and it is rolled up anew. All of it may
be done again at any time: what is there of an hour is replaced.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from store.records import TenantId
from store.repository import Repository
from store.spans import DAY, HOUR
from store.translation import translated
from store.usage import Stage

MEASURES: Final = ", ".join(["('turn', 0)", *(f"('{one}', t.{one})" for one in Stage)])
"""A turn's stages as rows of VALUES; each turn counts once as `turn`."""
SETTLED_AFTER: Final = timedelta(minutes=1)
"""So long after an hour is over a turn of it may come without being late."""
_LOCK_ID: Final = 7_310_447_220_933
_PATIENCE_S: Final = 60.0
"""For one hour of everybody's turns: nobody waits for it."""

# A transaction that wrote before the hour was over may commit a turn of it yet.
_DUE: Final = """
SELECT r.rolled_until AS hour,
       r.rolled_until + interval '1 hour' <= least(now() - $1::interval, (
           SELECT min(xact_start) FROM pg_stat_activity
           WHERE datname = current_database() AND backend_xid IS NOT NULL
             AND pid <> pg_backend_pid())) AS is_due
FROM rollup_state r"""
_BEGIN: Final = """
INSERT INTO rollup_state (rolled_until)
SELECT date_trunc('day', least(
    now(), (SELECT min(created_at) FROM turns),
    (SELECT min(created_at) FROM ledger WHERE kind = 'charge')), 'UTC')"""
_ADVANCE: Final = "UPDATE rollup_state SET rolled_until = $1"
_LATE: Final = """
DELETE FROM late_hours WHERE (tenant_id, begins_at) IN (
    SELECT tenant_id, begins_at FROM late_hours ORDER BY begins_at LIMIT 1)
RETURNING tenant_id, begins_at"""
_FORGET: Final = """
DELETE FROM latency_rollups
WHERE tenant_id = $1 AND told_apart BETWEEN 0 AND 7 AND grain = $2 AND begins_at = $3"""
_KEY: Final = "tenant_id, told_apart, llm_model, voice, language, stage"
_ROLLED: Final = f"""
ranked AS (
    SELECT {_KEY}, bucket, n, sum(n) OVER (PARTITION BY {_KEY} ORDER BY bucket) AS upto,
           sum(n) OVER (PARTITION BY {_KEY}) AS total
    FROM cubed
)
INSERT INTO latency_rollups ({_KEY}, grain, begins_at, n, p50, p95, p99, buckets, counts)
SELECT {_KEY}, $1, $2, max(total), min(bucket) FILTER (WHERE upto >= 0.5 * total),
       min(bucket) FILTER (WHERE upto >= 0.95 * total),
       min(bucket) FILTER (WHERE upto >= 0.99 * total),
       array_agg(bucket ORDER BY bucket), array_agg(n ORDER BY bucket)
FROM ranked GROUP BY {_KEY}"""  # noqa: S608 - only constants are filled in
_ROLL_HOUR: Final = f"""
WITH measured AS (
    SELECT s.tenant_id, t.llm_model, s.config ->> 'voice' AS voice, t.language, m.stage,
           latency_bucket(m.ms) AS bucket, count(*) AS n
    FROM turns t JOIN sessions s ON s.id = t.session_id
    CROSS JOIN LATERAL (VALUES {MEASURES}) AS m (stage, ms)
    WHERE t.created_at >= $2 AND t.created_at < $2::timestamptz + interval '1 hour'
      AND m.ms IS NOT NULL AND ($3::uuid IS NULL OR s.tenant_id = $3)
    GROUP BY 1, 2, 3, 4, 5, 6
), cubed AS (
    SELECT tenant_id, 7 - GROUPING(language, voice, llm_model) AS told_apart,
           llm_model, voice, language, stage, bucket, sum(n)::bigint AS n
    FROM measured
    GROUP BY tenant_id, stage, bucket, CUBE (llm_model, voice, language)
), {_ROLLED}"""  # noqa: S608
_ROLL_DAY: Final = f"""
WITH cubed AS (
    SELECT {_KEY}, b.bucket, sum(b.n)::bigint AS n
    FROM latency_rollups r CROSS JOIN LATERAL unnest(r.buckets, r.counts) AS b (bucket, n)
    WHERE r.grain = 'hour' AND r.begins_at >= $2
      AND r.begins_at < $2::timestamptz + interval '1 day' AND ($3::uuid IS NULL OR tenant_id = $3)
    GROUP BY {_KEY}, b.bucket
), {_ROLLED}"""  # noqa: S608


_IN_HOUR: Final = """
{of}created_at >= $1 AND {of}created_at < $1::timestamptz + interval '1 hour'
  AND ($2::uuid IS NULL OR tenant_id = $2)"""
_ROLL_USAGE: Final = f"""
INSERT INTO usage_rollups (tenant_id, begins_at, turns, audio_seconds)
SELECT tenant_id, $1, count(*), sum(caller_audio_s + agent_audio_s)
FROM turns t JOIN sessions s ON s.id = t.session_id
WHERE {_IN_HOUR.format(of="t.")} GROUP BY tenant_id"""  # noqa: S608
_ROLL_CHARGES: Final = f"""
INSERT INTO charge_rollups (tenant_id, begins_at, service, model, credits, input_tokens,
                            output_tokens, characters, audio_seconds)
SELECT tenant_id, $1, service, model, -sum(credits), sum(input_tokens), sum(output_tokens),
       sum(characters), sum(audio_seconds)
FROM ledger WHERE kind = 'charge' AND {_IN_HOUR.format(of="")}
GROUP BY tenant_id, service, model"""  # noqa: S608
_FORGET_SUMS: Final = (
    "DELETE FROM usage_rollups WHERE tenant_id = $1 AND begins_at = $2",
    "DELETE FROM charge_rollups WHERE tenant_id = $1 AND begins_at = $2",
)


class RollupRepository(Repository):
    """Rolls up. Call it in a transaction, one step each."""

    async def take_turn(self) -> bool:
        """Whether nobody else rolls up now; the turn lasts as long as the transaction."""
        return await self._is_our_turn(_LOCK_ID)

    async def roll_next(self) -> datetime | None:
        """Roll up the next hour, and with a day's last one the day. None: none is over."""
        due = await self._row(_DUE, SETTLED_AFTER)
        if due is None:
            await self._row(_BEGIN)
            due = await self._row(_DUE, SETTLED_AFTER)
        if due is None or not due["is_due"]:
            return None
        hour: datetime = due["hour"]
        await self._patiently(_ROLL_HOUR, "hour", hour, None)
        await self._sum_up(hour, None)
        if (hour + HOUR).hour == 0:
            await self._patiently(_ROLL_DAY, "day", hour + HOUR - DAY, None)
        await self._row(_ADVANCE, hour + HOUR)
        return hour

    async def roll_late(self) -> datetime | None:
        """Roll up one tenant's hour anew that has got a turn, and its day. None: none has."""
        late = await self._row(_LATE)
        if late is None:
            return None
        hour: datetime = late["begins_at"]
        for statement in _FORGET_SUMS:
            await self._row(statement, late["tenant_id"], hour)
        await self._sum_up(hour, late["tenant_id"])
        await self._roll_anew(late["tenant_id"], "hour", hour, _ROLL_HOUR)
        day = hour.replace(hour=0)
        state = await self._row(_DUE, SETTLED_AFTER)
        if state is not None and day + DAY <= state["hour"]:
            await self._roll_anew(late["tenant_id"], "day", day, _ROLL_DAY)
        return hour

    async def _roll_anew(
        self, tenant_id: TenantId, grain: str, begins_at: datetime, statement: str
    ) -> None:
        await self._row(_FORGET, tenant_id, grain, begins_at)
        await self._patiently(statement, grain, begins_at, tenant_id)

    async def _sum_up(self, hour: datetime, tenant_id: TenantId | None) -> None:
        for statement in (_ROLL_USAGE, _ROLL_CHARGES):
            await self._patiently(statement, hour, tenant_id)

    async def _patiently(self, statement: str, *arguments: Any) -> None:
        with translated():
            await self._connection.execute(statement, *arguments, timeout=_PATIENCE_S)
