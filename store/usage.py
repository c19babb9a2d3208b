"""How fast a tenant was answered, read from its sessions and turns."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import asyncpg

from store.pages import Listed, Order, Part, Total
from store.records import SessionId, TenantId
from store.repository import Repository


class Stage(StrEnum):
    """What is measured of a turn; the columns' names."""

    STT = "stt_ms"
    EOU_DELAY = "eou_delay_ms"
    FIRST_TOKEN = "first_token_ms"  # noqa: S105 - a column, not a secret
    TTS_TTFB = "tts_ttfb_ms"
    FIRST_AUDIO = "first_audio_ms"
    TOTAL = "total_ms"


class Grouping(StrEnum):
    """By what latencies are told apart."""

    MODEL = "model"
    VOICE = "voice"
    LANGUAGE = "language"
    HOUR = "hour"
    DAY = "day"


_GROUPS: Final = {
    Grouping.MODEL: "t.llm_model",
    Grouping.VOICE: "s.config ->> 'voice'",
    Grouping.LANGUAGE: "t.language",
    Grouping.DAY: "to_char(t.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
    Grouping.HOUR: """to_char(t.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24":00:00Z"')""",
}
_STAGE_COLUMNS: Final = ",\n".join(
    f"count({stage}) AS {stage}_n, percentile_disc(ARRAY[0.5, 0.95, 0.99])"
    f" WITHIN GROUP (ORDER BY {stage}) AS {stage}"
    for stage in Stage
)
# The sessions' own bounds let the index choose them: none lasts longer than three hours. A turn is
# found by its session and never by its time: that index is of everybody's turns.
_TURNS: Final = """
FROM sessions s JOIN turns t ON t.session_id = s.id
WHERE s.tenant_id = $1 AND s.created_at > $2::timestamptz - interval '3 hours'
  AND s.created_at < $3 AND t.created_at + interval '0' >= $2
  AND t.created_at + interval '0' < $3
  AND ($4::text IS NULL OR t.llm_model = $4)
  AND ($5::text IS NULL OR s.config ->> 'voice' = $5)
  AND ($6::text IS NULL OR t.language = $6)"""


def _latency_statement(group: str) -> str:
    return f"""
SELECT {group} AS name, {_STAGE_COLUMNS}
{_TURNS}
GROUP BY name ORDER BY name NULLS LAST"""


def _slowest_order(stage: Stage) -> Order:
    return Order((stage.value, "created_at", "id"), ("integer", "timestamptz", "uuid"))


def _slowest_statement(stage: Stage) -> str:
    """`$9` on: a place in the order, behind which the page begins where `$9` is one."""
    order = _slowest_order(stage)
    return f"""
WITH measured AS (
    SELECT t.id, t.session_id, t.turn_index, t.created_at, t.llm_model, t.language,
           s.config ->> 'voice' AS voice, {", ".join(f"t.{one}" for one in Stage)}
    {_TURNS} AND t.{stage} IS NOT NULL
), page AS (
    SELECT * FROM measured WHERE $9::integer IS NULL OR {order.behind(9)}
    ORDER BY {order} LIMIT $7 OFFSET $8
)
SELECT total.n AS n_measured, page.* FROM (SELECT count(*) AS n FROM measured) total
LEFT JOIN page ON true ORDER BY {order}"""  # noqa: S608


_LATENCY: Final = {one: _latency_statement(group) for one, group in _GROUPS.items()}
SLOWEST_STATEMENTS: Final = {stage: _slowest_statement(stage) for stage in Stage}


@dataclass(frozen=True, slots=True)
class TurnFilter:
    """Turns stored from `since` up to before `until`, with these where they are given."""

    since: datetime
    until: datetime
    llm_model: str | None = None
    voice: str | None = None
    language: str | None = None

    @property
    def arguments(self) -> tuple[Any, ...]:
        """As the statements take them, behind the tenant."""
        return self.since, self.until, self.llm_model, self.voice, self.language


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Of `n` measured turns, in milliseconds; None where nothing was measured."""

    p50: int | None
    p95: int | None
    p99: int | None
    n: int


@dataclass(frozen=True, slots=True)
class LatencyGroup:
    """The latencies of one group, by stage; `name` is None where a turn does not tell."""

    name: str | None
    stages: dict[Stage, Percentiles]


@dataclass(frozen=True, slots=True)
class SlowTurn:
    """A turn with what each of its stages took, milliseconds; None where it was not measured."""

    session_id: SessionId
    turn_index: int
    created_at: datetime
    llm_model: str | None
    voice: str
    language: str | None
    stages: dict[Stage, int | None]


class UsageRepository(Repository):
    """Reads latencies."""

    async def latency(
        self, tenant_id: TenantId, turns: TurnFilter, grouping: Grouping
    ) -> list[LatencyGroup]:
        """The turns' latencies, group by group."""
        rows = await self._rows(_LATENCY[grouping], tenant_id, *turns.arguments)
        return [
            LatencyGroup(row["name"], {stage: _percentiles(row, stage) for stage in Stage})
            for row in rows
        ]

    async def slowest(
        self, tenant_id: TenantId, turns: TurnFilter, stage: Stage, part: Part
    ) -> Listed[SlowTurn]:
        """Part of the turns of which `stage` was measured, the slowest first."""
        wanted = (part.limit + 1, part.offset, *(part.after or (None, None, None)))
        rows = await self._rows(SLOWEST_STATEMENTS[stage], tenant_id, *turns.arguments, *wanted)
        found = [row for row in rows if row["id"] is not None]
        shown = found[: part.limit]
        end = _slowest_order(stage).place_of(shown[-1]) if len(found) > part.limit else None
        return Listed([_slow_turn_of(row) for row in shown], Total(rows[0]["n_measured"]), end)


def _slow_turn_of(row: asyncpg.Record) -> SlowTurn:
    return SlowTurn(
        session_id=row["session_id"],
        turn_index=row["turn_index"],
        created_at=row["created_at"],
        llm_model=row["llm_model"],
        voice=row["voice"],
        language=row["language"],
        stages={stage: row[stage] for stage in Stage},
    )


def _percentiles(row: asyncpg.Record, stage: Stage) -> Percentiles:
    p50, p95, p99 = row[stage] or (None, None, None)
    return Percentiles(p50, p95, p99, row[f"{stage}_n"])
