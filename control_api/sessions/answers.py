"""Sessions and turns as the API shows them: the contract's keys in the contract's order."""

from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import Field

from control_api.request.fields import Duration, MaxDelay, MinDelay
from control_api.request.shown import AS_IT_IS, WHERE_ANY, Amount, Moment, Seconds, Shown
from control_api.sessions.turn_parts import (
    TurnFault,
    TurnPassage,
    TurnToolCall,
    TurnUpstream,
    faults_of,
    passages_of,
    tool_calls_of,
    upstream_of,
)
from store.analyses import AnalysisError, AnalysisStatus
from store.records import EndReason, SessionStatus

_WHERE_KNOWN: Final[Any] = Field(exclude_if=lambda value: value is None)
"""Of a key that is there only where there is an answer, be it no or 0."""


class Substitution(Shown):
    """Something that was asked for and is served by something else."""

    field: str
    requested: str
    served: str
    reason: str


class SessionConfig(Shown):
    """What the request came to once defaults, bot and variables have filled it."""

    system_prompt: str
    voice: str
    language: str
    llm_model: str
    tts_provider: Literal["sarvam"]
    max_duration_seconds: Duration
    livekit_room: str
    greeting: str
    stt_model: str
    tts_model: str
    min_endpointing_delay: Annotated[MinDelay, AS_IT_IS] = 0
    """Seconds of silence that end a turn after a complete sentence; there only when given."""
    max_endpointing_delay: Annotated[MaxDelay, AS_IT_IS] = 0
    """The same after an unfinished one."""
    store_transcript: bool = True
    """Whether what is said may be stored; there only when given."""
    record: bool = False
    """Whether what is heard is recorded; there only when given."""
    bot_version: int | Literal["draft"] = 0
    """The version of its bot that it started from; there only with a bot."""
    substitutions: Annotated[list[Substitution], WHERE_ANY] = Field(default=[], min_length=1)
    """There only when something was substituted."""

    @classmethod
    def of(cls, row: Any = None, **own: Any) -> Self:
        """What the kept config holds, in the contract's order, which `jsonb` does not keep."""
        if "substitutions" in row:
            own["substitutions"] = [Substitution.of_kept(one) for one in row["substitutions"]]
        return cls.of_kept(row, **own)


# A session is put together from its parts: the contract has `ws_url` and `token` in the middle.
class _Identified(Shown):
    id: UUID
    tenant_id: UUID
    bot_id: UUID | None
    status: SessionStatus
    config: SessionConfig


class _Admitted(Shown):
    ws_url: str
    """The LiveKit server to connect to."""
    token: str
    """A LiveKit token for this room, good for an hour."""


class _Course(Shown):
    started_at: Moment | None
    """When caller and agent were both in the room."""
    ended_at: Moment | None
    duration_seconds: Seconds | None = Field(ge=0)
    """From `started_at` to `ended_at`."""
    turn_count: int = Field(ge=0)
    total_audio_seconds: Seconds = Field(ge=0)
    """The caller's speech that was recognised and the agent's that was played."""
    end_reason: EndReason | None
    metadata: dict[str, Any] | None
    created_at: Moment
    recoveries: Annotated[int, Field(ge=1), WHERE_ANY] = 0
    """How often another worker took it over from one that was gone; there only when one did."""
    erased_at: Annotated[Moment | None, WHERE_ANY] = None
    """When what was said and given was erased; there only when it was."""

    disposition: Annotated[str | None, WHERE_ANY] = None
    """What came of it, as its analysis found; there only where one did, as the next two."""
    sentiment: Annotated[Literal["positive", "neutral", "negative"] | None, WHERE_ANY] = None
    goal_met: Annotated[bool | None, _WHERE_KNOWN] = None
    first_audio_ms: Annotated[int | None, Field(ge=0), _WHERE_KNOWN] = None
    """From `started_at` to the agent's first sound; there only once there was one."""
    credits: Annotated[Amount | None, Field(ge=0), WHERE_ANY] = None
    """What it cost so far; there only once something was charged."""

    @classmethod
    def of(cls, row: Any = None, **own: Any) -> Self:
        """A `SessionRecord`."""
        return super().of(
            row,
            config=SessionConfig.of(row.config),
            duration_seconds=row.duration_s,
            first_audio_ms=row.first_sound_ms,
            credits=row.cost,
            **own,
        )


class Session(_Course, _Identified):
    """One caller's conversation with the agent."""


class Analysis(Shown):
    """What a model made of a session once it was over; null is what was not wanted, or not found
    yet."""

    status: AnalysisStatus
    summary: str | None
    sentiment: Literal["positive", "neutral", "negative"] | None
    disposition: str | None
    goal_met: bool | None
    extracted: dict[str, Any] | None
    """The fields of the bot's own schema."""
    model: str | None
    error: AnalysisError | None
    """Why it failed."""
    created_at: Moment
    updated_at: Moment


class ReadSession(Session):
    """A session as it is read by itself."""

    analysis: Annotated[Analysis | None, WHERE_ANY] = None
    """There only where the session's bot wanted one, from the session's end on."""


class CreatedSession(_Course, _Admitted, _Identified):
    """A session with the caller's way into its room, told this once."""


class Listening(Shown):
    """A way into a session's room for one who only hears."""

    ws_url: str
    """The LiveKit server to connect to."""
    token: str
    """A LiveKit token for this room, good for a minute to connect with."""


class Recording(Shown):
    """What a session sounded like."""

    url: str
    """A link that needs no key, for one file; parts of it may be asked for."""
    expires_at: Moment
    """When the link ends."""
    duration_seconds: Seconds = Field(ge=0)
    """From the session's start."""
    format: str
    """Its media type."""
    channels: list[Literal["caller", "agent"]]
    """Who is on which, the left one first."""


class Turn(Shown):
    """One exchange. A stage that was not measured is null."""

    turn_index: int = Field(ge=0)
    user_transcript: str
    """What the caller said; empty for the greeting."""
    agent_response: str
    """What the caller heard, cut where the agent was interrupted."""
    interrupted: bool
    stt_ms: int | None = Field(ge=0)
    """From the end of speech to its final text."""
    first_token_ms: int | None = Field(ge=0)
    """From the request to the model to its first words."""
    first_audio_ms: int | None = Field(ge=0)
    """From the end of speech to the first sound of the reply."""
    total_ms: int | None = Field(ge=0)
    """From the end of speech to the end of the reply."""
    llm_model: str | None
    created_at: Moment
    id: UUID
    tts_ttfb_ms: int | None = Field(ge=0)
    eou_delay_ms: int | None = Field(ge=0)
    started_at_ms: int | None = Field(ge=0)
    """From the session's start."""
    ended_at_ms: int | None = Field(ge=0)
    language: str | None
    speech_ended_at_ms: int | None = Field(ge=0)
    """When the caller's speech ended, from the session's start."""
    llm_requested_at_ms: int | None = Field(ge=0)
    """When the model was asked for this reply; often before the caller's speech was over."""
    tts_requested_at_ms: int | None = Field(ge=0)
    """When its first words went to the voice."""
    first_audio_at_ms: int | None = Field(ge=0)
    """When the first sound of the reply left."""
    discarded_answers: int | None = Field(ge=0)
    """Answers that were begun for this turn and thrown away before the one that was given."""
    used_input_tokens: int | None = Field(ge=0)
    """Tokens that the model read for an answer of which the caller heard something."""
    used_output_tokens: int | None = Field(ge=0)
    used_characters: int | None = Field(ge=0)
    """Characters that the voice was given for it."""
    discarded_input_tokens: int | None = Field(ge=0)
    """The same for answers that nobody heard, and for requests that another outran."""
    discarded_output_tokens: int | None = Field(ge=0)
    discarded_characters: int | None = Field(ge=0)
    tool_calls: list[TurnToolCall]
    """What the model called for this answer."""
    passages: list[TurnPassage]
    """What of the bot's documents it was told."""
    upstream: TurnUpstream | None
    """Who served the answer; null where nobody did, or this was not recorded."""
    faults: list[TurnFault]
    """What went wrong since the turn before, and was out of the ordinary."""

    @classmethod
    def of(cls, row: Any = None, **own: Any) -> Self:
        """A `TurnRecord`."""
        return super().of(
            row,
            tool_calls=tool_calls_of(row.tool_rounds),
            passages=passages_of(row.passages),
            upstream=upstream_of(row.upstream),
            faults=faults_of(row.faults),
            **own,
        )
