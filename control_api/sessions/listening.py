"""Listening in on a session that is under way."""

import logging
from typing import Final

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR
from control_api.access.noting import note
from control_api.parts import DATABASE, SETTINGS
from control_api.request.errors import ApiError, ErrorCode
from control_api.request.idempotency import answer_once, keep
from control_api.request.json_text import json_response
from control_api.sessions.answers import Listening
from control_api.sessions.handlers import find_session
from control_api.sessions.rooms import ROOMS
from control_api.sessions.tokens import listener_token, new_listener
from core.rights import Scope
from store.audit import Action
from store.records import SessionRecord, SessionStatus
from store.room_listeners import RoomListenerRepository

_log: Final = logging.getLogger(__name__)


async def listen(request: web.Request) -> web.Response:
    """`POST /v1/voice/sessions/{session_id}/listen`: for those who manage the tenant, and keys that
    may do just this; one that starts conversations may be in a web page."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(request, Scope.LISTEN)
    session = await find_session(request, caller.tenant.id)

    async def make() -> web.Response:
        await _require_under_way(request, session)
        _log.info("session.listened", extra={"session_id": str(session.id)})
        identity, livekit = new_listener(), request.app[SETTINGS].livekit
        async with request.app[DATABASE].transaction() as connection:
            await note(connection, caller, Action.SESSION_LISTEN, session.id)
            await RoomListenerRepository(connection).add(
                identity,
                session.id,
                key_hash=caller.key.hash if caller.key else None,
                until=caller.until_at,
            )
            token = listener_token(session, livekit, identity)
            way_in = Listening.of(ws_url=livekit.ws_url, token=token)
            return await keep(request, connection, json_response(way_in, status=201))

    return await answer_once(request, caller.tenant.id, None, make)


async def _require_under_way(request: web.Request, session: SessionRecord) -> None:
    """Raises `ApiError` (409). A listener must not make a room that nobody is in: it would be
    one to which no agent is sent."""
    is_active = session.status is SessionStatus.ACTIVE
    if not is_active or not (await request.app[ROOMS].participants(session.room_name)).identities:
        raise ApiError(ErrorCode.CONFLICT, "Only a session that is under way can be listened to.")
