"""What was said in a session."""

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR
from control_api.parts import DATABASE
from control_api.request.errors import ApiError, ErrorCode
from control_api.request.json_text import json_response
from control_api.request.parsing import parse_query
from control_api.sessions.answers import Turn
from control_api.sessions.eval_case import suite_of
from control_api.sessions.handlers import find_session
from control_api.sessions.requests import TranscriptQuery
from control_api.sessions.transcript_text import as_srt, as_txt
from store.turns import TurnRepository


async def get_transcript(request: web.Request) -> web.Response:
    """`GET /v1/voice/sessions/{session_id}/transcript?format=json|txt|srt`."""
    caller = await request.app[AUTHENTICATOR].authorise(request)
    wanted = parse_query(TranscriptQuery, request.query).format
    session = await find_session(request, caller.tenant.id)
    async with request.app[DATABASE].connection() as connection:
        turns = await TurnRepository(connection).list_turns(session.id)
    if wanted == "txt":
        return web.Response(text=as_txt(turns), content_type="text/plain")
    if wanted == "srt":
        return web.Response(body=as_srt(turns).encode(), content_type="application/x-subrip")
    return json_response([Turn.of(turn) for turn in turns])


async def get_eval_case(request: web.Request) -> web.Response:
    """`GET /v1/voice/sessions/{session_id}/eval-case`: a suite with this conversation."""
    caller = await request.app[AUTHENTICATOR].authorise(request)
    session = await find_session(request, caller.tenant.id)
    async with request.app[DATABASE].connection() as connection:
        turns = await TurnRepository(connection).list_turns(session.id)
    suite = suite_of(session, turns)
    if suite is None:
        raise ApiError(ErrorCode.CONFLICT, "Nothing that the caller said is kept of this session.")
    return web.Response(text=suite, content_type="application/toml")
