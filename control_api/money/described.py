"""Credits, cost and usage: shapes and routes."""

from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import Field

from control_api.money.usage_queries import LatencyQuery, SlowestQuery, SummaryQuery
from control_api.openapi.operation import Access, Operation, json_answer, list_answer
from control_api.openapi.shown import Shown
from control_api.request.parsing import Page
from store.ledger import EntryKind, Service

_CREDITS: Final = "Credits"
_USAGE: Final = "Usage"


class Balance(Shown):
    """What the tenant has; one credit is one rupee."""

    balance: float


class Transaction(Shown):
    """A movement of credits."""

    id: UUID
    kind: EntryKind
    credits: float
    """Negative for a charge."""
    service: Service | None
    model: str | None
    session_id: UUID | None
    created_at: datetime


class CostItem(Shown):
    """What one model cost; a quantity that it is not paid by is 0."""

    service: Service
    model: str
    credits: float = Field(ge=0)
    input_tokens: int = Field(ge=0)
    output_tokens: int = Field(ge=0)
    characters: int = Field(ge=0)
    audio_seconds: float = Field(ge=0)


class Cost(Shown):
    """What a session came to so far."""

    session_id: UUID
    total_credits: float = Field(ge=0)
    items: list[CostItem]


class UsageSummary(Shown):
    """What the tenant used in the last days."""

    days: int = Field(ge=1)
    sessions: int = Field(ge=0)
    turns: int = Field(ge=0)
    audio_seconds: float = Field(ge=0)
    credits: float = Field(ge=0)
    items: list[CostItem]


class Percentiles(Shown):
    """Milliseconds of `n` turns; null without any."""

    p50: float | None
    p95: float | None
    p99: float | None
    n: int = Field(ge=0)


class Stages(Shown):
    """As in a transcript's turns."""

    stt_ms: Percentiles
    eou_delay_ms: Percentiles
    first_token_ms: Percentiles
    tts_ttfb_ms: Percentiles
    first_audio_ms: Percentiles
    total_ms: Percentiles


class LatencyGroup(Shown):
    """The latencies of the turns of one model, voice, language, hour or day, by stage."""

    group: str | None
    stages: Stages


class TurnStages(Shown):
    """Milliseconds; null where a stage was not measured."""

    stt_ms: int | None = Field(ge=0)
    eou_delay_ms: int | None = Field(ge=0)
    first_token_ms: int | None = Field(ge=0)
    tts_ttfb_ms: int | None = Field(ge=0)
    first_audio_ms: int | None = Field(ge=0)
    total_ms: int | None = Field(ge=0)


class SlowTurn(Shown):
    """A turn and what its stages took."""

    session_id: UUID
    turn_index: int = Field(ge=0)
    created_at: datetime
    llm_model: str | None
    voice: str
    language: str | None
    stages: TurnStages


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/v1/voice/sessions/{session_id}/cost",
        tag="Voice sessions",
        name="get_cost",
        summary="Read what a session cost, by service and model",
        access=Access.ANYONE,
        answers=(json_answer(200, "The cost so far.", Cost),),
    ),
    Operation(
        method="GET",
        path="/api/v1/credits/balance",
        tag=_CREDITS,
        name="get_balance",
        summary="Read the balance",
        access=Access.PERSON,
        answers=(json_answer(200, "The balance.", Balance),),
    ),
    Operation(
        method="GET",
        path="/api/v1/credits/transactions",
        tag=_CREDITS,
        name="list_transactions",
        summary="List grants, charges and adjustments, newest first",
        access=Access.PERSON,
        query=Page,
        answers=(list_answer("The page.", Transaction),),
    ),
    Operation(
        method="GET",
        path="/api/v1/usage/summary",
        tag=_USAGE,
        name="get_usage_summary",
        summary="Read how much was used in the last days",
        access=Access.ANYONE,
        query=SummaryQuery,
        answers=(json_answer(200, "The summary.", UsageSummary),),
    ),
    Operation(
        method="GET",
        path="/api/v1/usage/latency",
        tag=_USAGE,
        name="list_latencies",
        summary="Read percentiles of each stage, by model, voice, language, hour or day",
        access=Access.ANYONE,
        query=LatencyQuery,
        answers=(list_answer("One entry a group.", LatencyGroup),),
    ),
    Operation(
        method="GET",
        path="/api/v1/usage/slowest",
        tag=_USAGE,
        name="list_slowest",
        summary="List the turns in which a stage took longest",
        access=Access.ANYONE,
        query=SlowestQuery,
        answers=(list_answer("The slowest first.", SlowTurn),),
    ),
)
