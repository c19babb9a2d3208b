"""Frozen rows, as the repositories return and take them."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, NewType, Self
from uuid import UUID

from core.rights import Plan
from store.wordless import wordless_rounds

TenantId = NewType("TenantId", UUID)
KeyId = NewType("KeyId", UUID)
SessionId = NewType("SessionId", UUID)
BotId = NewType("BotId", UUID)
TurnId = NewType("TurnId", UUID)


class SessionStatus(StrEnum):
    """Where a session is in its life; the last three are final."""

    CREATED = "created"
    ACTIVE = "active"
    COMPLETED = "completed"
    FAILED = "failed"
    TIMEOUT = "timeout"


class EndReason(StrEnum):
    """Why a session ended; each reason has one final status."""

    CALLER_HANGUP = "caller_hangup"
    AGENT_CLOSED = "agent_closed"
    MAX_DURATION = "max_duration"
    NO_INPUT = "no_input"
    BUDGET_EXHAUSTED = "budget_exhausted"
    API_DELETE = "api_delete"
    AGENT_ERROR = "agent_error"
    START_FAILED = "start_failed"
    CONCURRENCY_LIMIT = "concurrency_limit"
    TIMEOUT = "timeout"
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 - a reason, not a secret

    @property
    def status(self) -> SessionStatus:
        """The status that a session has once it ended for this reason."""
        return _FINAL_STATUS.get(self, SessionStatus.COMPLETED)


_FINAL_STATUS: Final = {
    EndReason.AGENT_ERROR: SessionStatus.FAILED,
    EndReason.START_FAILED: SessionStatus.FAILED,
    EndReason.CONCURRENCY_LIMIT: SessionStatus.FAILED,
    EndReason.TIMEOUT: SessionStatus.TIMEOUT,
    EndReason.TOKEN_EXPIRED: SessionStatus.TIMEOUT,
}


@dataclass(frozen=True, slots=True)
class TenantRecord:
    """A customer; every other row belongs to one. One that is suspended is served nothing, one that
    was erased is a name for what its sessions cost."""

    id: TenantId
    name: str
    plan: Plan
    created_at: datetime
    suspended_at: datetime | None = None
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """An API key without its plaintext. The four lists are csv; `*` is everything."""

    id: KeyId
    tenant_id: TenantId
    name: str
    prefix: str
    hash: bytes
    permissions: str
    scopes: str
    allowed_domains: str
    allowed_models: str
    rate_limit_rpm: int | None
    budget_limit: Decimal | None
    budget_used: Decimal
    is_active: bool
    expires_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Substitution:
    """Something that was asked for and is served by something else; `reason` is shown."""

    field: str
    requested: str
    served: str
    reason: str


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session about to be created. `config` is what was resolved, in JSON types.

    `key_id` is the key whose budget it uses up, None when a person creates it.
    """

    id: SessionId
    tenant_id: TenantId
    config: dict[str, Any]
    room_name: str
    bot_id: BotId | None = None
    metadata: dict[str, Any] | None = None
    webhook_url: str | None = None
    key_id: KeyId | None = None

    def created(self, at: datetime) -> "SessionRecord":
        """The row that it becomes."""
        return SessionRecord(
            id=self.id,
            tenant_id=self.tenant_id,
            bot_id=self.bot_id,
            status=SessionStatus.CREATED,
            config=self.config,
            room_name=self.room_name,
            metadata=self.metadata,
            webhook_url=self.webhook_url,
            started_at=None,
            ended_at=None,
            end_reason=None,
            turn_count=0,
            total_audio_seconds=0.0,
            recoveries=0,
            created_at=at,
        )


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session. `config` and `metadata` hold JSON types, their key order is not kept.

    `recoveries` is how often another worker had to take it over from one that was gone. Once it is
    erased nobody's words are in it. `disposition`, `sentiment` and `goal_met` are what its
    analysis found. `first_sound_ms` is when the agent's first sound left, from its start;
    `cost` its credits so far, None where only the ledger knows.
    """

    id: SessionId
    tenant_id: TenantId
    bot_id: BotId | None
    status: SessionStatus
    config: dict[str, Any]
    room_name: str
    metadata: dict[str, Any] | None
    webhook_url: str | None
    started_at: datetime | None
    ended_at: datetime | None
    end_reason: EndReason | None
    turn_count: int
    total_audio_seconds: float
    recoveries: int
    created_at: datetime
    erased_at: datetime | None = None
    disposition: str | None = None
    sentiment: str | None = None
    goal_met: bool | None = None
    first_sound_ms: int | None = None
    cost: Decimal | None = Decimal(0)

    @property
    def keeps_words(self) -> bool:
        """Whether what is said in it may be stored."""
        return bool(self.config.get("store_transcript", True))

    @property
    def is_analysed(self) -> bool:
        """Whether it is over, and was to be analysed then."""
        return self.ended_at is not None and "analysis" in self.config

    @property
    def duration_s(self) -> float | None:
        """Seconds from start to end; None while it lasts and when it never started."""
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTurn:
    """One exchange, as the agent heard and said it.

    A stage that was not measured is None, never 0. The `…_at_ms` count from the session's
    start. `caller_audio_s` is speech sent to recognition, `agent_audio_s` speech
    that was played. `tool_rounds`, `upstream`, `passages` and `faults` hold JSON types: what the
    answer called, for a later model too, who served it, what its model was told, what went wrong.
    What was asked of model and voice is `used_…` for an answer that was heard, else `discarded_…`.
    """

    id: TurnId
    turn_index: int
    user_transcript: str
    agent_response: str
    interrupted: bool = False
    stt_ms: int | None = None
    first_token_ms: int | None = None
    tts_ttfb_ms: int | None = None
    first_audio_ms: int | None = None
    eou_delay_ms: int | None = None
    total_ms: int | None = None
    llm_model: str | None = None
    language: str | None = None
    started_at_ms: int | None = None
    ended_at_ms: int | None = None
    speech_ended_at_ms: int | None = None
    llm_requested_at_ms: int | None = None
    tts_requested_at_ms: int | None = None
    first_audio_at_ms: int | None = None
    caller_audio_s: float = 0.0
    agent_audio_s: float = 0.0
    tool_rounds: list[Any] | None = None
    discarded_answers: int | None = None
    used_input_tokens: int | None = None
    used_output_tokens: int | None = None
    used_characters: int | None = None
    discarded_input_tokens: int | None = None
    discarded_output_tokens: int | None = None
    discarded_characters: int | None = None
    upstream: dict[str, Any] | None = None
    passages: list[Any] | None = None
    faults: list[Any] | None = None

    def without_words(self) -> Self:
        """What may be stored of it where nothing that was said may be."""
        rounds = wordless_rounds(self.tool_rounds)
        return replace(
            self, user_transcript="", agent_response="", tool_rounds=rounds, passages=None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRecord(NewTurn):
    """A stored turn."""

    session_id: SessionId
    created_at: datetime
