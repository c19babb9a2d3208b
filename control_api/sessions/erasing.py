"""Forgetting what was said in a session."""

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR
from control_api.access.noting import note
from control_api.parts import DATABASE
from control_api.request.errors import ApiError, ErrorCode
from control_api.request.idempotency import answer_once, keep
from control_api.sessions.handlers import find_session
from core.errors import ConflictError
from store.audit import Action
from store.erasing import ErasingRepository


async def erase_session(request: web.Request) -> web.Response:
    """`POST /v1/voice/sessions/{session_id}/erase`: for good; times and costs stay."""
    caller = await request.app[AUTHENTICATOR].authorise_person(request)
    session = await find_session(request, caller.tenant.id)

    async def make() -> web.Response:
        try:
            async with request.app[DATABASE].transaction() as connection:
                await ErasingRepository(connection).erase(caller.tenant.id, session.id)
                await note(connection, caller, Action.SESSION_ERASE, session.id)
                return await keep(request, connection, web.Response(status=204, body=b""))
        except ConflictError:
            message = "A session can be erased once it has ended; end it first."
            raise ApiError(ErrorCode.CONFLICT, message) from None

    return await answer_once(request, caller.tenant.id, None, make)
