"""What the routes of sessions take and give."""

from functools import partial
from typing import Any, Final

from control_api.openapi.operation import Access, Answer, Operation, json_answer, list_answer
from control_api.request.errors import ErrorCode
from control_api.sessions.answers import (
    CreatedSession,
    Listening,
    ReadSession,
    Recording,
    Session,
    Turn,
)
from control_api.sessions.list_query import ListSessions
from control_api.sessions.requests import CreateSession, SoundQuery, TranscriptQuery

_PATH: Final = "/v1/voice/sessions"
_SESSION: Final = f"{_PATH}/{{session_id}}"
_operation: Final = partial(Operation, tag="Voice sessions", access=Access.ANYONE)

OPERATIONS: Final = (
    _operation(
        method="POST",
        path=_PATH,
        name="create_session",
        summary="Create a session; the answer holds the LiveKit address and token, once",
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
                ErrorCode.MODEL_UNDER_MAINTENANCE,
                ErrorCode.PROVIDER_ERROR,
            }
        ),
    ),
    _operation(
        method="GET",
        path=_PATH,
        name="list_sessions",
        summary="List sessions, newest first, or find those that a filter and words match",
        query=ListSessions,
        answers=(list_answer("The page.", Session),),
    ),
    _operation(
        method="GET",
        path=f"{_PATH}/events",
        name="stream_sessions",
        summary="Follow the list live: each session as it begins, changes and ends",
        answers=(
            Answer(
                200,
                "Server-sent events: `list` asks to list anew, `session` is a session as it is "
                "now. After an hour the stream closes.",
                {"text/event-stream": Any},
            ),
        ),
    ),
    _operation(
        method="GET",
        path=_SESSION,
        name="get_session",
        summary="Read a session",
        answers=(json_answer(200, "The session.", ReadSession),),
    ),
    _operation(
        method="DELETE",
        path=_SESSION,
        name="end_session",
        summary="End a session; caller and agent are sent out, a finished one stays as it is",
        answers=(Answer(204, "Ended."),),
    ),
    _operation(
        method="GET",
        path=f"{_SESSION}/transcript",
        name="get_transcript",
        summary="Read what was said, with each turn's latencies, as JSON, text or subtitles",
        query=TranscriptQuery,
        answers=(
            Answer(
                200,
                "The turns in the format that was asked for.",
                {"application/json": list[Turn], "text/plain": str, "application/x-subrip": str},
            ),
        ),
    ),
    _operation(
        method="GET",
        path=f"{_SESSION}/eval-case",
        name="get_eval_case",
        summary="Make a case for `vaarta eval` of what was said",
        answers=(
            Answer(200, "A suite with this conversation, to edit.", {"application/toml": str}),
        ),
        errors=frozenset({ErrorCode.CONFLICT}),
    ),
    _operation(
        method="GET",
        path=f"{_SESSION}/recording",
        name="get_recording",
        summary="Get a link to what the session sounded like; there some seconds after its end",
        answers=(json_answer(200, "The recording.", Recording),),
    ),
    _operation(
        method="GET",
        path=f"{_SESSION}/recording/sound",
        name="get_sound",
        summary="Hear a recording, by a link that was given; parts of it by ranges",
        access=Access.OPEN,
        query=SoundQuery,
        answers=(
            Answer(200, "Opus in Ogg: the caller left, the agent right.", {"audio/ogg": bytes}),
            Answer(206, "The part that was asked for.", {"audio/ogg": bytes}),
        ),
        errors=frozenset({ErrorCode.PERMISSION_DENIED, ErrorCode.SERVICE_UNAVAILABLE}),
    ),
    _operation(
        method="GET",
        path=f"{_SESSION}/events",
        name="stream_events",
        summary="Follow a session live: its state, partial and final words, turns, the end",
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
    _operation(
        method="POST",
        path=f"{_SESSION}/erase",
        name="erase_session",
        summary="Erase what was said in an ended session, and its metadata; times and costs stay",
        access=Access.PERSON,
        answers=(Answer(204, "Erased."),),
        errors=frozenset({ErrorCode.CONFLICT}),
    ),
    _operation(
        method="POST",
        path=f"{_SESSION}/listen",
        name="listen",
        summary="Listen in on an active session, unseen by caller and agent",
        answers=(json_answer(201, "A way in.", Listening),),
        errors=frozenset({ErrorCode.CONFLICT}),
    ),
)
