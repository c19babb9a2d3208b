"""What a tenant used of late: hours that are rolled up, and what is not of turns and the ledger."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from store.ledger import CostItem, Service
from store.records import TenantId
from store.repository import Repository
from store.spans import ROLLED_UNTIL, Parts

# $1 tenant, $2 since, $3 and $4 the first and the last moment that is rolled up, $5 until.
_ENDS: Final = (("$2", "$3"), ("$4", "$5"))
_SESSIONS: Final = """
SELECT count(*) FROM sessions WHERE tenant_id = $1 AND created_at >= $2 AND created_at < $3"""
# A turn is found by its session and never by its time: that index is of everybody's turns.
_LIVE_TURNS: Final = """
    UNION ALL
    SELECT 1, t.caller_audio_s + t.agent_audio_s
    FROM sessions s JOIN turns t ON t.session_id = s.id
    WHERE s.tenant_id = $1 AND s.created_at > {since}::timestamptz - interval '3 hours'
      AND s.created_at < {until}
      AND t.created_at + interval '0' >= {since} AND t.created_at + interval '0' < {until}"""
_LIVE_CHARGES: Final = """
    UNION ALL
    SELECT service, model, -credits, input_tokens, output_tokens, characters, audio_seconds
    FROM ledger
    WHERE tenant_id = $1 AND kind = 'charge' AND created_at >= {since} AND created_at < {until}"""


def _of_both_ends(statement: str) -> str:
    return "".join(statement.format(since=since, until=until) for since, until in _ENDS)


_TURNS: Final = f"""
SELECT coalesce(sum(turns), 0)::bigint AS turns, coalesce(sum(audio_seconds), 0) AS audio_seconds
FROM (
    SELECT turns, audio_seconds FROM usage_rollups
    WHERE tenant_id = $1 AND begins_at >= $3 AND begins_at < $4{_of_both_ends(_LIVE_TURNS)}
) parts"""  # noqa: S608 - only constants are filled in
_CHARGES: Final = f"""
SELECT service, model, sum(credits) AS credits, sum(input_tokens)::bigint AS input_tokens,
       sum(output_tokens)::bigint AS output_tokens, sum(characters)::bigint AS characters,
       sum(audio_seconds) AS audio_seconds
FROM (
    SELECT service, model, credits, input_tokens, output_tokens, characters, audio_seconds
    FROM charge_rollups
    WHERE tenant_id = $1 AND begins_at >= $3 AND begins_at < $4{_of_both_ends(_LIVE_CHARGES)}
) parts
GROUP BY service, model
ORDER BY array_position(ARRAY['stt', 'llm', 'tts'], service), model"""  # noqa: S608


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


class SummaryRepository(Repository):
    """Sums up what was used."""

    async def summary(self, tenant_id: TenantId, days: int) -> UsageSummary:
        """The latest `days` days: sessions that began, turns and charges that were stored."""
        until = datetime.now(UTC)
        since = until - timedelta(days=days)
        rolled = await self._row(ROLLED_UNTIL)
        parts = Parts.of(since, until, rolled[0] if rolled else None)
        first, last = (parts.first, parts.last) if parts else (until, until)
        span = (tenant_id, since, first, last, until)
        sessions = await self._row(_SESSIONS, tenant_id, since, until)
        turns = await self._row(_TURNS, *span)
        assert sessions is not None, "an aggregate has a row"
        assert turns is not None, "an aggregate has a row"
        items = [
            CostItem(**{**row, "service": Service(row["service"])})
            for row in await self._rows(_CHARGES, *span)
        ]
        return UsageSummary(sessions[0], **turns, items=items)
