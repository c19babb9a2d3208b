"""A conversation with the providers, for who sets this up."""

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR
from control_api.request.idempotency import answer_once
from control_api.request.json_text import json_response
from control_api.talk.answers import Talked
from control_api.talk.board import TALK_BOARD
from core.rights import CONVERSING, MANAGERS


async def hold_talk(request: web.Request) -> web.Response:
    """`POST /api/v1/status/talk`: one short conversation with the configured providers."""
    caller = await request.app[AUTHENTICATOR].authorise(request, *CONVERSING)
    if caller.key is None:
        caller.require_role(MANAGERS)

    async def make() -> web.Response:
        held_at, talk = await request.app[TALK_BOARD].talk()
        return json_response(Talked.of(talk, held_at=held_at))

    return await answer_once(request, caller.tenant.id, None, make)
