"""Voice sessions: create, list, read, end."""

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR, Caller
from control_api.parts import ADDRESS_GUARD, CATALOG, DATABASE, SETTINGS
from control_api.request.body import read_json
from control_api.request.errors import known
from control_api.request.idempotency import CLAIM, answer_once, keyed_answer
from control_api.request.json_text import json_response
from control_api.request.pages import page_response, part_of
from control_api.request.parsing import parse_body, parse_query
from control_api.request.paths import path_id
from control_api.request.reports import REPORTS
from control_api.request.tracing import traceparent_of
from control_api.sessions.admission import require_admitted
from control_api.sessions.answers import Analysis, CreatedSession, ReadSession, Session
from control_api.sessions.creation import Creation
from control_api.sessions.ending import end_session
from control_api.sessions.list_query import ListSessions
from control_api.sessions.queue import QUEUE
from control_api.sessions.requests import CreateSession
from control_api.sessions.rooms import ROOMS
from core.rights import CONVERSING
from store.analyses import AnalysisRepository
from store.records import SessionId, SessionRecord, TenantId
from store.sessions import SessionRepository


async def create_session(request: web.Request) -> web.Response:
    """`POST /v1/voice/sessions`; the checks run in the contract's order."""
    app = request.app
    caller = await app[AUTHENTICATOR].authorise(request, *CONVERSING)
    given = await read_json(request)
    body = parse_body(CreateSession, given, app[CATALOG])
    return await answer_once(
        request, caller.tenant.id, given, lambda: _create(request, caller, body)
    )


async def list_sessions(request: web.Request) -> web.Response:
    """`GET /v1/voice/sessions`: the tenant's, newest first."""
    caller = await request.app[AUTHENTICATOR].authorise(request)
    query = parse_query(ListSessions, request.query)
    tenant_id, wanted = caller.tenant.id, query.filter(request.app[CATALOG])
    part = part_of(request, query, tenant_id)
    reading = (
        request.app[DATABASE].connection()
        if wanted.is_counted
        else request.app[REPORTS].transaction(tenant_id)
    )
    async with reading as connection:
        listed = await SessionRepository(connection).list_page(tenant_id, part, wanted)
    return page_response(request, [Session.of(one) for one in listed.rows], listed, tenant_id)


async def get_session(request: web.Request) -> web.Response:
    """`GET /v1/voice/sessions/{session_id}`."""
    caller = await request.app[AUTHENTICATOR].authorise(request)
    session = await find_session(request, caller.tenant.id)
    analysis = None
    if session.is_analysed:
        async with request.app[DATABASE].connection() as connection:
            analysis = await AnalysisRepository(connection).find(session.id)
    shown = None if analysis is None else Analysis.of(analysis)
    return json_response(ReadSession.of(session, analysis=shown))


async def delete_session(request: web.Request) -> web.Response:
    """`DELETE /v1/voice/sessions/{session_id}`: ended, then everyone is sent out of the room."""
    caller = await request.app[AUTHENTICATOR].authorise(request, *CONVERSING)
    session = await find_session(request, caller.tenant.id)
    await end_session(request.app[DATABASE], request.app[ROOMS], session)
    return web.Response(status=204)


async def find_session(request: web.Request, tenant_id: TenantId) -> SessionRecord:
    """The session that the path names. Raises `ApiError` (404)."""
    session_id = SessionId(path_id(request, "session_id", "session"))
    with known("session"):
        async with request.app[DATABASE].connection() as connection:
            return await SessionRepository(connection).get(tenant_id, session_id)


async def _create(request: web.Request, caller: Caller, body: CreateSession) -> web.Response:
    """Create the session, its idempotency key's answer with it. Raises `ApiError`."""
    app = request.app
    parts = (app[SETTINGS], app[CATALOG], app[DATABASE], app[ROOMS], app[ADDRESS_GUARD])
    creation = Creation(*parts, app[QUEUE], traceparent_of(request))
    new = await creation.resolve(caller, body)
    answer = keyed = None
    if CLAIM in request:
        answer = _answer(creation.shown(new.created(request[CLAIM].claim.at)))
        keyed = keyed_answer(request, answer)
    decision = await creation.admit(new, keyed)
    require_admitted(request, decision, creation.terms)
    assert decision.session is not None
    await creation.send_ahead(decision.session)
    if answer is None:
        return _answer(creation.shown(decision.session))
    request[CLAIM].is_kept = True
    return answer


def _answer(created: CreatedSession) -> web.Response:
    return json_response(created, status=201)
