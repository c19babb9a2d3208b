"""Credits, cost and usage as the API shows them."""

from uuid import UUID

from pydantic import Field

from control_api.request.shown import Amount, Moment, Shown
from store.ledger import EntryKind, Service


class Balance(Shown):
    """What the tenant has; one credit is one rupee."""

    balance: Amount


class Transaction(Shown):
    """A movement of credits."""

    id: UUID
    kind: EntryKind
    credits: Amount
    """Negative for a charge."""
    service: Service | None
    model: str | None
    session_id: UUID | None
    created_at: Moment


class CostItem(Shown):
    """What one model cost; a quantity that it is not paid by is 0."""

    service: Service
    model: str
    credits: Amount = Field(ge=0)
    input_tokens: int = Field(ge=0)
    output_tokens: int = Field(ge=0)
    characters: int = Field(ge=0)
    audio_seconds: Amount = Field(ge=0)


class Cost(Shown):
    """What a session came to so far."""

    session_id: UUID
    total_credits: Amount = Field(ge=0)
    items: list[CostItem]


class UsageSummary(Shown):
    """What the tenant used in the last days."""

    days: int = Field(ge=1)
    sessions: int = Field(ge=0)
    turns: int = Field(ge=0)
    audio_seconds: float = Field(ge=0)
    credits: Amount = Field(ge=0)
    items: list[CostItem]


class Percentiles(Shown):
    """Milliseconds of `n` turns; null without any."""

    p50: int | None
    p95: int | None
    p99: int | None
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
    created_at: Moment
    llm_model: str | None
    voice: str
    language: str | None
    stages: TurnStages
