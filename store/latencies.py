"""Latencies over any span: of up to a day exactly, beyond it from what is rolled up (`spans`).

A roll-up's percentile is within 1 % of what percentile_disc would say of the turns themselves.
"""

from collections import defaultdict
from datetime import timedelta
from typing import Final

from store.pages import Listed, Part, Total, cut, start_of
from store.records import TenantId
from store.repository import Repository
from store.rollups import MEASURES
from store.spans import ROLLED_UNTIL, Parts
from store.usage import (
    Grouping,
    LatencyGroup,
    Percentiles,
    Stage,
    TurnFilter,
    UsageRepository,
)

_EXACT_SPAN: Final = timedelta(days=1)
_BITS: Final = {"llm_model": 1, "voice": 2, "language": 4}
_NAMES: Final = {
    Grouping.MODEL: ("r.llm_model", "t.llm_model"),
    Grouping.VOICE: ("r.voice", "s.config ->> 'voice'"),
    Grouping.LANGUAGE: ("r.language", "t.language"),
    Grouping.DAY: (
        "to_char(r.begins_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
        "to_char(t.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
    ),
    Grouping.HOUR: (
        """to_char(r.begins_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24":00:00Z"')""",
        """to_char(t.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24":00:00Z"')""",
    ),
}
# $1 tenant, $2 to $4 model, voice, language, $5 what is told apart, $6 to $11 moments of `spans`.
_OF_ROLLUPS: Final = """
r.tenant_id = $1 AND r.told_apart = $5
  AND ($2::text IS NULL OR r.llm_model = $2) AND ($3::text IS NULL OR r.voice = $3)
  AND ($4::text IS NULL OR r.language = $4)"""
_OF_TURNS: Final = f"""
FROM sessions s JOIN turns t ON t.session_id = s.id
CROSS JOIN LATERAL (VALUES {MEASURES}) AS m (stage, ms)
WHERE s.tenant_id = $1 AND m.ms IS NOT NULL
  AND ($2::text IS NULL OR t.llm_model = $2) AND ($3::text IS NULL OR s.config ->> 'voice' = $3)
  AND ($4::text IS NULL OR t.language = $4)
  AND s.created_at > {{since}}::timestamptz - interval '3 hours' AND s.created_at < {{until}}
  AND t.created_at + interval '0' >= {{since}} AND t.created_at + interval '0' < {{until}}"""


def _live(name: str) -> str:
    """The turns of both ends, one row a measure."""
    ends = (("$6", "$7"), ("$10", "$11"))
    measured = f"SELECT {name} AS name, m.stage, latency_bucket(m.ms) AS bucket, 1::bigint AS n"
    return " UNION ALL ".join(
        measured + _OF_TURNS.format(since=since, until=until) for since, until in ends
    )


_RANKED: Final = """
SELECT name, stage, bucket, sum(n) OVER up AS upto, sum(n) OVER (PARTITION BY name, stage) AS total
FROM (SELECT name, stage, bucket, sum(n) AS n FROM parts GROUP BY 1, 2, 3) summed
WINDOW up AS (PARTITION BY name, stage ORDER BY bucket)"""
_READ: Final = f"""
SELECT name, stage, max(total)::bigint AS n,
       latency_of(min(bucket) FILTER (WHERE upto >= 0.5 * total)) AS p50,
       latency_of(min(bucket) FILTER (WHERE upto >= 0.95 * total)) AS p95,
       latency_of(min(bucket) FILTER (WHERE upto >= 0.99 * total)) AS p99
FROM ({_RANKED}) ranked GROUP BY name, stage"""  # noqa: S608 - only constants are filled in


def _merging(grouping: Grouping) -> str:
    """Buckets of hours, of days and of turns, added up."""
    rolled, live = _NAMES[grouping]
    return f"""
parts AS (
    SELECT {rolled} AS name, r.stage, b.bucket, b.n
    FROM latency_rollups r CROSS JOIN LATERAL unnest(r.buckets, r.counts) AS b (bucket, n)
    WHERE {_OF_ROLLUPS} AND (
        (r.grain = 'day' AND r.begins_at >= $8 AND r.begins_at < $9)
        OR (r.grain = 'hour' AND r.begins_at >= $7 AND r.begins_at < $8)
        OR (r.grain = 'hour' AND r.begins_at >= $9 AND r.begins_at < $10))
    UNION ALL {_live(live)}
), found AS ({_READ})"""  # noqa: S608


def _by_hour() -> str:
    """No two parts have an hour in common: what a whole one's percentiles are is written down.

    Days ($8, $9) play no part; that they are in order is always true.
    """
    rolled, live = _NAMES[Grouping.HOUR]
    return f"""
parts AS ({_live(live)}), found AS (
SELECT {rolled} AS name, r.stage, r.n, latency_of(r.p50) AS p50, latency_of(r.p95) AS p95,
       latency_of(r.p99) AS p99
FROM latency_rollups r
WHERE {_OF_ROLLUPS} AND r.grain = 'hour' AND r.begins_at >= $7 AND r.begins_at < $10
  AND $8::timestamptz <= $9::timestamptz
UNION ALL {_READ})"""  # noqa: S608


def _statement(grouping: Grouping) -> str:
    """A page of the groups: of `$12` behind the first `$13`."""
    found = _by_hour() if grouping is Grouping.HOUR else _merging(grouping)
    return f"""
WITH {found}, placed AS (
    SELECT dense_rank() OVER (ORDER BY name NULLS LAST) AS place, found.* FROM found
), page AS (
    SELECT * FROM placed WHERE place > $13::bigint AND place <= $13::bigint + $12::bigint
)
SELECT total.n_groups, page.*
FROM (SELECT coalesce(max(place), 0) AS n_groups FROM placed) total
LEFT JOIN page ON true ORDER BY page.place"""  # noqa: S608


_STATEMENTS: Final = {one: _statement(one) for one in Grouping}


class LatencyRepository(Repository):
    """Percentiles of latencies."""

    async def latency(
        self, tenant_id: TenantId, turns: TurnFilter, grouping: Grouping, part: Part
    ) -> Listed[LatencyGroup]:
        """The turns' latencies, a part of the groups."""
        parts = None
        if turns.until - turns.since > _EXACT_SPAN:
            row = await self._row(ROLLED_UNTIL)
            parts = Parts.of(turns.since, turns.until, row[0] if row else None)
        if parts is None:
            usage = UsageRepository(self._connection)
            return cut(await usage.latency(tenant_id, turns, grouping), part)
        start = start_of(part)
        rows = await self._rows(
            _STATEMENTS[grouping],
            tenant_id,
            turns.llm_model,
            turns.voice,
            turns.language,
            _told_apart(turns, grouping),
            turns.since,
            parts.first,
            parts.first_day,
            parts.last_day,
            parts.last,
            turns.until,
            part.limit,
            start,
        )
        found: defaultdict[str | None, dict[str, Percentiles]] = defaultdict(dict)
        for row in rows:
            if row["place"] is None:
                continue
            figures = Percentiles(row["p50"], row["p95"], row["p99"], row["n"])
            found[row["name"]][row["stage"]] = figures
        n_groups = rows[0]["n_groups"]
        end = (start + part.limit,) if start + part.limit < n_groups else None
        return Listed([_group(*one) for one in found.items()], Total(n_groups), end)


def _told_apart(turns: TurnFilter, grouping: Grouping) -> int:
    given = {"llm_model": turns.llm_model, "voice": turns.voice, "language": turns.language}
    wanted = {name for name, value in given.items() if value is not None}
    own = {Grouping.MODEL: "llm_model", Grouping.VOICE: "voice", Grouping.LANGUAGE: "language"}
    if grouping in own:
        wanted.add(own[grouping])
    return sum(_BITS[name] for name in wanted)


def _group(name: str | None, stages: dict[str, Percentiles]) -> LatencyGroup:
    nothing = Percentiles(None, None, None, 0)
    return LatencyGroup(name, {stage: stages.get(stage, nothing) for stage in Stage})
