"""What the routes of sessions take and give."""

from typing import Any, Final

from control_api.openapi.operation import Access, Answer, Operation, json_answer, list_answer
from control_api.request.errors import ErrorCode
from control_api.sessions.answers import CreatedSession, Listening, Session, Turn
from control_api.sessions.list_query import ListSessions
from control_api.sessions.requests import CreateSession, TranscriptQuery

_TAG: Final = "Voice sessions"
_PATH: Final = "/v1/voice/sessions"
_SESSION: Final = f"{_PATH}/{{session_id}}"


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
