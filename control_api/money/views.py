"""Credits and usage as the API shows them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from control_api.request.json_values import amount, moment
from store.ledger import CostItem, EntryRecord
from store.usage import LatencyGroup, SlowTurn, UsageSummary


def cost_view(session_id: UUID, items: Sequence[CostItem]) -> dict[str, Any]:
    """What a session cost."""
    return {
        "session_id": str(session_id),
        "total_credits": amount(sum((item.credits for item in items), Decimal(0))),
        "items": [item_view(item) for item in items],
    }


def item_view(item: CostItem) -> dict[str, Any]:
    """What one model cost; a quantity that it is not paid by is 0."""
    return {
        "service": item.service.value,
        "model": item.model,
        "credits": amount(item.credits),
        "input_tokens": item.input_tokens,
        "output_tokens": item.output_tokens,
        "characters": item.characters,
        "audio_seconds": amount(item.audio_seconds),
    }


def entry_view(entry: EntryRecord) -> dict[str, Any]:
    """A movement of credits."""
    return {
        "id": str(entry.id),
        "kind": entry.kind.value,
        "credits": amount(entry.credits),
        "service": None if entry.service is None else entry.service.value,
        "model": entry.model,
        "session_id": None if entry.session_id is None else str(entry.session_id),
        "created_at": moment(entry.created_at),
    }


def summary_view(summary: UsageSummary, days: int) -> dict[str, Any]:
    """What a tenant used of late."""
    return {
        "days": days,
        "sessions": summary.sessions,
        "turns": summary.turns,
        "audio_seconds": round(summary.audio_seconds, 3),
        "credits": amount(summary.credits),
        "items": [item_view(item) for item in summary.items],
    }


def latency_view(group: LatencyGroup) -> dict[str, Any]:
    """The percentiles of one group, milliseconds."""
    return {
        "group": group.name,
        "stages": {
            stage.value: {"p50": one.p50, "p95": one.p95, "p99": one.p99, "n": one.n}
            for stage, one in group.stages.items()
        },
    }


def slow_turn_view(turn: SlowTurn) -> dict[str, Any]:
    """A turn among the slowest, with what it takes to find it in its session's transcript."""
    return {
        "session_id": str(turn.session_id),
        "turn_index": turn.turn_index,
        "created_at": moment(turn.created_at),
        "llm_model": turn.llm_model,
        "voice": turn.voice,
        "language": turn.language,
        "stages": {stage.value: took_ms for stage, took_ms in turn.stages.items()},
    }
