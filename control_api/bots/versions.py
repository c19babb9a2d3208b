"""Versions of a tenant's bots: a draft is published, and then serves."""

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR
from control_api.access.noting import note
from control_api.bots.answers import BotVersion
from control_api.bots.handlers import bot_id_of
from control_api.parts import DATABASE
from control_api.request.errors import known
from control_api.request.idempotency import answer_once, keep
from control_api.request.json_text import json_response
from core.rights import Scope
from store.audit import Action
from store.bot_versions import BotVersionRepository


async def publish_bot(request: web.Request) -> web.Response:
    """`POST /api/v1/bots/{bot_id}/publish`: what serves then, be it new or not."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(request, Scope.WRITE_BOTS)
    bot_id = bot_id_of(request)

    async def make() -> web.Response:
        async with request.app[DATABASE].transaction() as connection:
            versions = BotVersionRepository(connection)
            with known("bot"):
                version, is_new = await versions.publish(caller.tenant.id, bot_id, caller.actor)
            if is_new:
                await note(connection, caller, Action.BOT_PUBLISH, bot_id)
            return await keep(request, connection, json_response(BotVersion.of(version)))

    return await answer_once(request, caller.tenant.id, None, make)
