"""Voice sessions: create, list, read, end."""

import logging
import re
import secrets
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid4

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR, Caller
from control_api.parts import CATALOG, DATABASE, SETTINGS
from control_api.request.body import read_json
from control_api.request.errors import not_found
from control_api.request.idempotency import CLAIM, answer_once, keyed_answer
from control_api.request.json_text import json_response, page_response
from control_api.request.parsing import parse_body, parse_query
from control_api.sessions.admission import CREATES_PER_MINUTE, require_admitted
from control_api.sessions.answers import CreatedSession, Session
from control_api.sessions.bot import resolve_bot
from control_api.sessions.config import require_model, resolve_config
from control_api.sessions.list_query import ListSessions
from control_api.sessions.requests import CreateSession
from control_api.sessions.rooms import ROOMS
from control_api.sessions.tokens import caller_token
from control_api.webhooks.urls import require_webhook_url
from core.catalog import Catalog
from core.errors import LiveKitUnavailable, NotFoundError
from core.metrics import SESSIONS_CREATED, SESSIONS_ENDED
from core.rights import CONVERSING
from store.admission import AdmissionRepository, Terms
from store.records import BotId, EndReason, NewSession, SessionId, SessionRecord, TenantId
from store.sessions import SessionRepository

_log: Final = logging.getLogger(__name__)
_ROOM_RANDOM_BYTES: Final = 16
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


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
    page = parse_query(ListSessions, request.query).page(request.app[CATALOG])
    async with request.app[DATABASE].transaction() as connection:
        found, total = await SessionRepository(connection).list_page(caller.tenant.id, page)
    return page_response([Session.of(one) for one in found], total)


async def get_session(request: web.Request) -> web.Response:
    """`GET /v1/voice/sessions/{session_id}`."""
    caller = await request.app[AUTHENTICATOR].authorise(request)
    return json_response(Session.of(await find_session(request, caller.tenant.id)))


async def delete_session(request: web.Request) -> web.Response:
    """`DELETE /v1/voice/sessions/{session_id}`: ended, then everyone is sent out of the room."""
    caller = await request.app[AUTHENTICATOR].authorise(request, *CONVERSING)
    session = await find_session(request, caller.tenant.id)
    async with request.app[DATABASE].connection() as connection:
        ended = await SessionRepository(connection).end_session(session.id, EndReason.API_DELETE)
    if ended is not None:
        SESSIONS_ENDED.labels(EndReason.API_DELETE.value).inc()
    # A second DELETE empties a room that LiveKit did not let go at the first.
    if (ended or session).end_reason is EndReason.API_DELETE:
        await _empty_room(request, session)
    return web.Response(status=204)


async def find_session(request: web.Request, tenant_id: TenantId) -> SessionRecord:
    """The session that the path names. Raises `ApiError` (404)."""
    given = request.match_info["session_id"]
    if not _UUID.fullmatch(given):
        raise not_found("session")
    try:
        async with request.app[DATABASE].connection() as connection:
            return await SessionRepository(connection).get(tenant_id, SessionId(UUID(given)))
    except NotFoundError:
        raise not_found("session") from None


async def _create(request: web.Request, caller: Caller, body: CreateSession) -> web.Response:
    app = request.app
    body, of_bot = await resolve_bot(request, caller.tenant.id, body)
    new = _new_session(caller, body, app[CATALOG], of_bot)
    model_id = new.config["llm_model"]
    require_model(model_id, app[CATALOG], app[SETTINGS].llm, caller.tenant, caller.key)
    if body.webhook_url is not None:
        await require_webhook_url(request, body.webhook_url, "webhook_url")
    # Before there is a row, and with no connection held: LiveKit may take its time to answer.
    await app[ROOMS].check()
    return await _admit(request, new)


def _new_session(
    caller: Caller, body: CreateSession, catalog: Catalog, of_bot: Mapping[str, Any]
) -> NewSession:
    room_name = f"voice-{secrets.token_hex(_ROOM_RANDOM_BYTES)}"
    return NewSession(
        id=SessionId(uuid4()),
        tenant_id=caller.tenant.id,
        config={**resolve_config(body, catalog, room_name), **of_bot},
        room_name=room_name,
        bot_id=None if body.bot_id is None else BotId(body.bot_id),
        metadata=body.metadata,
        webhook_url=body.webhook_url,
        key_id=None if caller.key is None else caller.key.id,
    )


async def _admit(request: web.Request, new: NewSession) -> web.Response:
    """Create the session, its idempotency key's answer with it. Raises `ApiError`."""
    settings = request.app[SETTINGS]
    terms = Terms(CREATES_PER_MINUTE, settings.api.min_session_credits, request.app[CATALOG].places)
    answer = keyed = None
    if CLAIM in request:
        answer = _created(request, new.created(request[CLAIM].claim.at))
        keyed = keyed_answer(request, answer)
    async with request.app[DATABASE].connection() as connection:
        decision = await AdmissionRepository(connection).create(new, terms, keyed)
    require_admitted(request, decision, terms)
    assert decision.session is not None
    SESSIONS_CREATED.inc()
    if answer is None:
        return _created(request, decision.session)
    request[CLAIM].is_kept = True
    return answer


def _created(request: web.Request, session: SessionRecord) -> web.Response:
    settings = request.app[SETTINGS]
    token = caller_token(session, settings.livekit, rejoin_grace_s=settings.agent.rejoin_grace_s)
    shown = CreatedSession.of(session, ws_url=settings.livekit.ws_url, token=token)
    return json_response(shown, status=201)


async def _empty_room(request: web.Request, session: SessionRecord) -> None:
    """The row has ended whether or not LiveKit answers; the agent looks at the row, too."""
    try:
        await request.app[ROOMS].delete(session.room_name)
    except LiveKitUnavailable as exc:
        _log.warning("room.not_deleted", extra={"session_id": str(session.id), "reason": str(exc)})
