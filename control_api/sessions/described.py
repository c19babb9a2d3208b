"""Voice sessions: shapes and routes."""

from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import Field

from control_api.openapi.operation import Access, Answer, Operation, json_answer, list_answer
from control_api.openapi.shown import Shown
from control_api.request.errors import ErrorCode
from control_api.sessions.list_query import ListSessions
from control_api.sessions.schemas import CreateSession, TranscriptQuery
from store.records import EndReason, SessionStatus

_TAG: Final = "Voice sessions"
_PATH: Final = "/v1/voice/sessions"
_SESSION: Final = f"{_PATH}/{{session_id}}"


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
    max_duration_seconds: int = Field(ge=30, le=3600)
    livekit_room: str
    greeting: str
    stt_model: str
    tts_model: str
    min_endpointing_delay: float = Field(default=0.2, ge=0.06, le=5)
    """Seconds of silence that end a turn after a complete sentence; there only when given."""
    max_endpointing_delay: float = Field(default=0.8, ge=0.06, le=10)
    """The same after an unfinished one."""
    substitutions: list[Substitution] = Field(default_factory=list, min_length=1)
    """There only when something was substituted."""


class Session(Shown):
    """One caller's conversation with the agent."""

    id: UUID
    tenant_id: UUID
    bot_id: UUID | None
    status: SessionStatus
    config: SessionConfig
    started_at: datetime | None
    """When caller and agent were both in the room."""
    ended_at: datetime | None
    duration_seconds: float | None = Field(ge=0)
    """From `started_at` to `ended_at`."""
    turn_count: int = Field(ge=0)
    total_audio_seconds: float = Field(ge=0)
    """The caller's speech that was recognised and the agent's that was played."""
    end_reason: EndReason | None
    metadata: dict[str, Any] | None
    created_at: datetime
    recoveries: int = Field(default=0, ge=1)
    """How often another worker took it over from one that was gone; there only when one did."""


class CreatedSession(Session):
    """A session with the caller's way into its room, told this once."""

    ws_url: str
    """The LiveKit server to connect to."""
    token: str
    """A LiveKit token for this room, good for an hour."""


class Listening(Shown):
    """A way into a session's room for one who only hears."""

    ws_url: str
    """The LiveKit server to connect to."""
    token: str
    """A LiveKit token for this room, good for a minute to connect with."""


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
    created_at: datetime
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


OPERATIONS: Final = (
    Operation(
        method="POST",
        path=_PATH,
        tag=_TAG,
        name="create_session",
        summary="Create a session; the answer holds the LiveKit address and token, once",
        access=Access.ANYONE,
        body=CreateSession,
        example={
            "system_prompt": "You are a helpful assistant.",
            "voice": "shubh",
            "language": "en-IN",
            "llm_model": "kimi-k2.5",
            "max_duration_seconds": 300,
        },
        answers=(json_answer(201, "Created.", CreatedSession),),
        errors=frozenset(
            {
                ErrorCode.INVALID_WEBHOOK_URL,
                ErrorCode.INSUFFICIENT_CREDITS,
                ErrorCode.BUDGET_EXCEEDED,
                ErrorCode.MODEL_NOT_AVAILABLE,
                ErrorCode.MODEL_NOT_ALLOWED,
                ErrorCode.NOT_FOUND,
                ErrorCode.MODEL_NOT_FOUND,
                ErrorCode.TOO_MANY_CONCURRENT_REQUESTS,
                ErrorCode.MODEL_UNDER_MAINTENANCE,
                ErrorCode.PROVIDER_ERROR,
            }
        ),
    ),
    Operation(
        method="GET",
        path=_PATH,
        tag=_TAG,
        name="list_sessions",
        summary="List sessions, newest first, or find those that a filter and words match",
        access=Access.ANYONE,
        query=ListSessions,
        answers=(list_answer("The page.", Session),),
    ),
    Operation(
        method="GET",
        path=f"{_PATH}/events",
        tag=_TAG,
        name="stream_sessions",
        summary="Follow the list live: each session as it begins, changes and ends",
        access=Access.ANYONE,
        answers=(
            Answer(
                200,
                "Server-sent events: `list` asks to list anew, `session` is a session as it is "
                "now. After an hour the stream closes.",
                {"text/event-stream": Any},
            ),
        ),
    ),
    Operation(
        method="GET",
        path=_SESSION,
        tag=_TAG,
        name="get_session",
        summary="Read a session",
        access=Access.ANYONE,
        answers=(json_answer(200, "The session.", Session),),
    ),
    Operation(
        method="DELETE",
        path=_SESSION,
        tag=_TAG,
        name="end_session",
        summary="End a session; caller and agent are sent out, a finished one stays as it is",
        access=Access.ANYONE,
        answers=(Answer(204, "Ended."),),
    ),
    Operation(
        method="GET",
        path=f"{_SESSION}/transcript",
        tag=_TAG,
        name="get_transcript",
        summary="Read what was said, with each turn's latencies, as JSON, text or subtitles",
        access=Access.ANYONE,
        query=TranscriptQuery,
        answers=(
            Answer(
                200,
                "The turns in the format that was asked for.",
                {"application/json": list[Turn], "text/plain": str, "application/x-subrip": str},
            ),
        ),
    ),
    Operation(
        method="GET",
        path=f"{_SESSION}/events",
        tag=_TAG,
        name="stream_events",
        summary="Follow a session live: its state, partial and final words, turns, the end",
        access=Access.ANYONE,
        request_headers=("Last-Event-ID",),
        answers=(
            Answer(
                200,
                "Server-sent events `state`, `transcript`, `turn` and `end`; after the end the "
                "stream closes.",
                {"text/event-stream": str},
            ),
            Answer(204, "The end was told already."),
        ),
        errors=frozenset({ErrorCode.VALIDATION_ERROR}),
    ),
    Operation(
        method="POST",
        path=f"{_SESSION}/listen",
        tag=_TAG,
        name="listen",
        summary="Listen in on an active session, unseen by caller and agent",
        access=Access.ANYONE,
        answers=(json_answer(201, "A way in.", Listening),),
        errors=frozenset({ErrorCode.CONFLICT}),
    ),
)
