"""Versions of a tenant's bots: a draft is published, and then serves."""

import re
from typing import Final

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR
from control_api.access.noting import note
from control_api.bots.answers import Bot, BotVersion, ListedBotVersion
from control_api.bots.handlers import bot_id_of
from control_api.bots.requests import PublishBot
from control_api.parts import CATALOG, DATABASE
from control_api.request.body import read_json_if_any
from control_api.request.errors import known, not_found
from control_api.request.idempotency import answer_once, keep
from control_api.request.json_text import json_response
from control_api.request.pages import Page, page_response, part_of
from control_api.request.parsing import parse_body, parse_query
from core.rights import EVERYONE, Scope
from store.audit import Action
from store.bot_versions import BotVersionRepository

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}")


async def publish_bot(request: web.Request) -> web.Response:
    """`POST /api/v1/bots/{bot_id}/publish`: what serves then, be it new or not."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(request, Scope.WRITE_BOTS)
    bot_id = bot_id_of(request)
    given = await read_json_if_any(request)
    why = (parse_body(PublishBot, given, request.app[CATALOG]).note or "").strip() or None

    async def make() -> web.Response:
        async with request.app[DATABASE].transaction() as connection:
            versions = BotVersionRepository(connection)
            with known("bot"):
                version, is_new = await versions.publish(
                    caller.tenant.id, bot_id, caller.actor, note=why
                )
            if is_new:
                await note(connection, caller, Action.BOT_PUBLISH, bot_id, why=why)
            return await keep(request, connection, json_response(BotVersion.of(version)))

    return await answer_once(request, caller.tenant.id, given or None, make)


async def list_versions(request: web.Request) -> web.Response:
    """`GET /api/v1/bots/{bot_id}/versions`: newest first, without what they say."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(
        request, Scope.READ_BOTS, roles=EVERYONE
    )
    tenant_id, bot_id = caller.tenant.id, bot_id_of(request)
    part = part_of(request, parse_query(Page, request.query), tenant_id)
    async with request.app[DATABASE].connection() as connection:
        with known("bot"):
            listed = await BotVersionRepository(connection).list_page(tenant_id, bot_id, part)
    shown = [ListedBotVersion.of(one) for one in listed.rows]
    return page_response(request, shown, listed, tenant_id)


async def get_version(request: web.Request) -> web.Response:
    """`GET /api/v1/bots/{bot_id}/versions/{number}`."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(
        request, Scope.READ_BOTS, roles=EVERYONE
    )
    place = (caller.tenant.id, bot_id_of(request), _number_of(request))
    async with request.app[DATABASE].connection() as connection:
        with known("version"):
            version = await BotVersionRepository(connection).get(*place)
    return json_response(BotVersion.of(version))


async def restore_version(request: web.Request) -> web.Response:
    """`POST /api/v1/bots/{bot_id}/versions/{number}/restore`: into the draft."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(request, Scope.WRITE_BOTS)
    bot_id, number = bot_id_of(request), _number_of(request)

    async def make() -> web.Response:
        async with request.app[DATABASE].transaction() as connection:
            versions = BotVersionRepository(connection)
            with known("version"):
                bot = await versions.restore(caller.tenant.id, bot_id, number)
            await note(connection, caller, Action.BOT_RESTORE, bot_id)
            return await keep(request, connection, json_response(Bot.of(bot)))

    return await answer_once(request, caller.tenant.id, None, make)


def _number_of(request: web.Request) -> int:
    """The version that the path names. Raises `ApiError` (404)."""
    given = request.match_info["number"]
    if not _NUMBER.fullmatch(given):
        raise not_found("version")
    return int(given)
