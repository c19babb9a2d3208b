"""A tenant's bots."""

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR
from control_api.access.noting import note
from control_api.bots.answers import Bot
from control_api.bots.requests import ChangeBot, CreateBot, removed_fields
from control_api.bots.tools import ToolKeeper
from control_api.parts import ADDRESS_GUARD, CATALOG, DATABASE, SEALER, SETTINGS
from control_api.request.body import read_json
from control_api.request.errors import invalid_field, known
from control_api.request.fields import DELAYS_UNORDERED
from control_api.request.idempotency import answer_once, keep
from control_api.request.json_text import json_response
from control_api.request.pages import Page, page_response, part_of
from control_api.request.parsing import parse_body, parse_query
from control_api.request.paths import path_id
from core.errors import ConflictError
from core.rights import EVERYONE, Scope
from store.audit import Action
from store.bots import BotFields, BotRecord, BotRepository
from store.records import BotId, TenantId


async def create_bot(request: web.Request) -> web.Response:
    """`POST /api/v1/bots`."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(request, Scope.WRITE_BOTS)
    given = await read_json(request)
    body = parse_body(CreateBot, given, request.app[CATALOG])
    plan = request.app[CATALOG].plans[caller.tenant.plan]

    async def make() -> web.Response:
        config = await _keeper(request, caller.tenant.id).kept_config(body.config)
        fields = BotFields(body.name, body.system_prompt, config, body.is_active)
        async with request.app[DATABASE].transaction() as connection:
            bots = BotRepository(connection)
            await bots.require_room(caller.tenant.id, plan.bots)
            bot = await bots.add(caller.tenant.id, fields, caller.actor)
            await note(connection, caller, Action.BOT_CREATE, bot.id)
            return await keep(request, connection, json_response(Bot.of(bot), status=201))

    return await answer_once(request, caller.tenant.id, given, make)


async def list_bots(request: web.Request) -> web.Response:
    """`GET /api/v1/bots`: newest first."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(
        request, Scope.READ_BOTS, roles=EVERYONE
    )
    tenant_id = caller.tenant.id
    part = part_of(request, parse_query(Page, request.query), tenant_id)
    async with request.app[DATABASE].connection() as connection:
        listed = await BotRepository(connection).list_page(tenant_id, part)
    return page_response(request, [Bot.of(one) for one in listed.rows], listed, tenant_id)


async def get_bot(request: web.Request) -> web.Response:
    """`GET /api/v1/bots/{bot_id}`."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(
        request, Scope.READ_BOTS, roles=EVERYONE
    )
    return json_response(Bot.of(await find_bot(request, caller.tenant.id, bot_id_of(request))))


async def change_bot(request: web.Request) -> web.Response:
    """`PATCH /api/v1/bots/{bot_id}`: the fields that the body names, of the draft's config too."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(request, Scope.WRITE_BOTS)
    bot_id = bot_id_of(request)
    given = await read_json(request)
    body = parse_body(ChangeBot, given, request.app[CATALOG])
    bot = None if body.config.tools is None else await find_bot(request, caller.tenant.id, bot_id)
    config = await _keeper(request, caller.tenant.id).kept_config(body.config, bot)
    config = {**removed_fields(given), **config}
    change = BotFields(body.name, body.system_prompt, config, body.is_active)
    try:
        async with request.app[DATABASE].transaction() as connection:
            with known("bot"):
                bot = await BotRepository(connection).change(caller.tenant.id, bot_id, change)
            await note(connection, caller, Action.BOT_CHANGE, bot_id)
    except ConflictError:  # with what the bot has already: the body alone was in order
        field = "config.max_endpointing_delay"
        raise invalid_field(field, DELAYS_UNORDERED, "delays_unordered") from None
    return json_response(Bot.of(bot))


async def delete_bot(request: web.Request) -> web.Response:
    """`DELETE /api/v1/bots/{bot_id}`: with what it knows; its sessions keep their copy."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(request, Scope.WRITE_BOTS)
    bot_id = bot_id_of(request)
    async with request.app[DATABASE].transaction() as connection:
        with known("bot"):
            await BotRepository(connection).delete(caller.tenant.id, bot_id)
        await note(connection, caller, Action.BOT_DELETE, bot_id)
    return web.Response(status=204)


async def find_bot(request: web.Request, tenant_id: TenantId, bot_id: BotId) -> BotRecord:
    """The tenant's bot. Raises `ApiError` (404)."""
    async with request.app[DATABASE].connection() as connection:
        with known("bot"):
            return await BotRepository(connection).get(tenant_id, bot_id)


def bot_id_of(request: web.Request) -> BotId:
    """The bot that the path names. Raises `ApiError` (404)."""
    return BotId(path_id(request, "bot_id", "bot"))


def _keeper(request: web.Request, tenant_id: TenantId) -> ToolKeeper:
    app = request.app
    may_be_plain = app[SETTINGS].webhooks.allow_private
    return ToolKeeper(app[ADDRESS_GUARD], app[SEALER], tenant_id, may_be_plain)
