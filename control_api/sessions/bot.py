"""A bot's settings under a session's own."""

from typing import Any, Final

from pydantic import ValidationError

from control_api.bots.requests import BotConfig
from control_api.request.errors import invalid_field, known, not_found
from control_api.sessions.requests import CreateSession
from core.catalog import Catalog
from store.bot_versions import BotVersionRepository, ServingBot
from store.pool import Database
from store.records import BotId, TenantId

AGENT_KEYS: Final = ("tools", "end_call", "idle_prompt_s", "record_notice", "analysis")
"""What a session's agent takes over from a bot and no create can say; it is not shown with the
session."""


async def resolve_bot(
    database: Database, catalog: Catalog, tenant_id: TenantId, body: CreateSession
) -> tuple[CreateSession, dict[str, Any]]:
    """`body` with what its bot's version says where it says nothing itself, and what is the bot's
    alone; as it is without a bot.

    Raises `ApiError`: 404 for a bot that the tenant has not or that is not active, and for a
    version that the bot has not, 422 for one that names what the catalog has no more.
    """
    if body.bot_id is None:
        if body.bot_version is not None:
            raise invalid_field("bot_version", "Input should come with bot_id", "bot_missing")
        return body, {}
    bot_id, wanted = BotId(body.bot_id), body.bot_version
    what = ("version", "bot_version") if isinstance(wanted, int) else ("bot", "bot_id")
    with known(what[0], param=what[1]):
        async with database.connection() as connection:
            bot = await BotVersionRepository(connection).serving(tenant_id, bot_id, wanted)
    if not bot.is_active:
        raise not_found("active bot", param="bot_id")
    own: dict[str, Any] = {key: bot.config[key] for key in AGENT_KEYS if key in bot.config}
    return with_bot(body, bot, catalog), {**own, "bot_version": bot.version}


def with_bot(body: CreateSession, bot: ServingBot, catalog: Catalog) -> CreateSession:
    """The body's own fields before the bot's; of the variables each by its name.

    Raises `ApiError` (422).
    """
    kept = dict(bot.config)
    # As they are: some bots have more of them than may be given by now.
    variables = {**kept.pop("variables", {}), **body.variables}
    try:
        shared = {key: value for key, value in kept.items() if key not in AGENT_KEYS}
        config = BotConfig.model_validate(shared, context=catalog)
    except ValidationError as exc:
        field = ".".join(map(str, exc.errors()[0]["loc"]))
        message = f"The bot's {field} is not available any more"
        raise invalid_field("bot_id", message, "bot_outdated") from None
    taken = {"system_prompt": bot.system_prompt} | config.given()
    own = body.model_fields_set
    update = {name: value for name, value in taken.items() if name not in own and value is not None}
    return body.model_copy(update={**update, "variables": variables})
