"""What a tenant used and how fast it was answered, read from sessions, turns and the ledger."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

import asyncpg

from store.ledger import CostItem, Service
from store.records import TenantId
from store.repository import Repository

STAGES: Final = (
    "stt_ms",
    "eou_delay_ms",
    "first_token_ms",
    "tts_ttfb_ms",
    "first_audio_ms",
    "total_ms",
)


class Grouping(StrEnum):
    """By what latencies are told apart."""

    MODEL = "model"
    VOICE = "voice"
    LANGUAGE = "language"
    HOUR = "hour"


_GROUPS: Final = {
    Grouping.MODEL: "t.llm_model",
    Grouping.VOICE: "s.config ->> 'voice'",
    Grouping.LANGUAGE: "t.language",
    Grouping.HOUR: """to_char(t.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24":00:00Z"')""",
}
_STAGE_COLUMNS: Final = ",\n".join(
    f"count({stage}) AS {stage}_n, percentile_disc(ARRAY[0.5, 0.95, 0.99])"
    f" WITHIN GROUP (ORDER BY {stage}) AS {stage}"
    for stage in STAGES
)
_SESSIONS: Final = """
SELECT count(*) AS sessions, coalesce(sum(turn_count), 0) AS turns,
       coalesce(sum(total_audio_seconds), 0) AS audio_seconds
FROM sessions WHERE tenant_id = $1 AND created_at > now() - make_interval(days => $2)"""
_CHARGES: Final = """
SELECT service, model, -sum(credits) AS credits, sum(input_tokens)::bigint AS input_tokens,
       sum(output_tokens)::bigint AS output_tokens, sum(characters)::bigint AS characters,
       sum(audio_seconds) AS audio_seconds
FROM ledger
WHERE tenant_id = $1 AND kind = 'charge' AND created_at > now() - make_interval(days => $2)
GROUP BY service, model ORDER BY array_position(ARRAY['stt', 'llm', 'tts'], service), model"""


def _latency_statement(group: str) -> str:
    """The sessions' own bounds let the index choose them: none lasts longer than three hours."""
    return f"""
SELECT {group} AS name, {_STAGE_COLUMNS}
FROM sessions s JOIN turns t ON t.session_id = s.id
WHERE s.tenant_id = $1 AND s.created_at > $2::timestamptz - interval '3 hours'
  AND s.created_at < $3 AND t.created_at >= $2 AND t.created_at < $3
GROUP BY name ORDER BY name NULLS LAST"""  # noqa: S608 - only constants are filled in


_LATENCY: Final = {one: _latency_statement(group) for one, group in _GROUPS.items()}


@dataclass(frozen=True, slots=True)
class UsageSummary:
    """What a tenant used of late, and what each model of it cost."""

    sessions: int
    turns: int
    audio_seconds: float
    items: list[CostItem]

    @property
    def credits(self) -> Decimal:
        """What all of it cost."""
        return sum((item.credits for item in self.items), Decimal(0))


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
    stages: dict[str, Percentiles]


class UsageRepository(Repository):
    """Sums up."""

    async def summary(self, tenant_id: TenantId, days: int) -> UsageSummary:
        """The latest `days` days."""
        counted = await self._row(_SESSIONS, tenant_id, days)
        rows = await self._rows(_CHARGES, tenant_id, days)
        assert counted is not None, "an aggregate has a row"
        items = [CostItem(**{**row, "service": Service(row["service"])}) for row in rows]
        return UsageSummary(**counted, items=items)

    async def latency(
        self, tenant_id: TenantId, since: datetime, until: datetime, grouping: Grouping
    ) -> list[LatencyGroup]:
        """The turns that were stored from `since` up to before `until`."""
        rows = await self._rows(_LATENCY[grouping], tenant_id, since, until)
        return [
            LatencyGroup(row["name"], {stage: _percentiles(row, stage) for stage in STAGES})
            for row in rows
        ]


def _percentiles(row: asyncpg.Record, stage: str) -> Percentiles:
    p50, p95, p99 = row[stage] or (None, None, None)
    return Percentiles(p50, p95, p99, row[f"{stage}_n"])
