"""All that one session's conversation works with: its providers, its bot's tools and documents."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from agent.http_tools import HttpTools
from agent.knowledge import InformedModel, search_of
from agent.parts import Around, opened_parts
from agent.tool_signer import DefaultSecretSigner
from core.catalog import Catalog
from core.settings import Settings
from pipeline.parts import Parts
from pipeline.ports import LanguageModel
from pipeline.route_board import RouteBoard
from store.pool import Database
from store.records import SessionRecord
from store.sealing import Sealer
from store.secrets import SecretBox


@dataclass(frozen=True, slots=True)
class World:
    """What a session needs from its process."""

    settings: Settings
    catalog: Catalog
    database: Database
    board: RouteBoard


@asynccontextmanager
async def opened_equipment(
    world: World, record: SessionRecord, around: Around
) -> AsyncIterator[Parts]:
    """Everything is opened in the background and closed on leaving. Raises `ProviderRefused`."""
    async with AsyncExitStack() as stack:
        toolbox = await stack.enter_async_context(_tools(world, record))
        parts = await stack.enter_async_context(
            opened_parts(world.settings, world.catalog, record.config, around, toolbox)
        )
        model = await _informed(stack, world, record, parts.model)
        yield replace(parts, model=model)


@asynccontextmanager
async def _tools(world: World, record: SessionRecord) -> AsyncIterator[HttpTools]:
    sealer = Sealer(world.settings.sealing_secret)
    signer = DefaultSecretSigner(world.database, SecretBox(sealer), record.tenant_id)
    async with HttpTools.opened(world.settings.webhooks, sealer, record, signer) as tools:
        yield tools


async def _informed(
    stack: AsyncExitStack, world: World, record: SessionRecord, model: LanguageModel
) -> LanguageModel:
    """The model, told what the bot's documents say where the session has a bot."""
    if record.bot_id is None:
        return model
    search = search_of(world.database, record.bot_id)
    return await stack.enter_async_context(InformedModel.opened(model, search))
