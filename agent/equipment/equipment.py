"""All that one session's conversation works with: its providers, its bot's tools and documents."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from agent.equipment.habits import Habits
from agent.equipment.http_tools import HttpTools
from agent.equipment.knowledge import InformedModel, search_of
from agent.equipment.parts import SessionSide, opened_parts
from agent.equipment.tool_signer import DefaultSecretSigner
from agent.signs import Signs
from agent.tracing.start_up import StartUp
from core.catalog import Catalog
from core.settings import Settings
from core.spans import Traces
from pipeline.parts import Parts
from pipeline.ports import LanguageModel
from pipeline.route_board import RouteBoard
from store.pool import Database
from store.records import SessionRecord
from store.sealing import Sealer
from store.secrets import SecretBox


@dataclass(frozen=True, slots=True)
class WorkerResources:
    """What a session needs of the process that it is held in; `traces` where they are taken."""

    settings: Settings
    catalog: Catalog
    database: Database
    board: RouteBoard
    signs: Signs
    habits: Habits
    start: StartUp
    traces: Traces | None = None


@asynccontextmanager
async def opened_equipment(
    resources: WorkerResources, record: SessionRecord, side: SessionSide
) -> AsyncIterator[Parts]:
    """Everything is opened in the background and closed on leaving. Raises `ProviderRefused`."""
    async with AsyncExitStack() as stack:
        toolbox = await stack.enter_async_context(_tools(resources, record, side.on_call))
        parts = await stack.enter_async_context(
            opened_parts(resources.settings, resources.catalog, record.config, side, toolbox)
        )
        model = await _informed(stack, resources, record, parts)
        yield replace(parts, model=model)


@asynccontextmanager
async def _tools(
    resources: WorkerResources, record: SessionRecord, on_call: Callable[[], None]
) -> AsyncIterator[HttpTools]:
    sealer = Sealer(*resources.settings.sealing_keys)
    signer = DefaultSecretSigner(resources.database, SecretBox(sealer), record.tenant_id)
    async with HttpTools.opened(
        resources.settings.webhooks, sealer, record, signer, on_call
    ) as tools:
        yield tools


async def _informed(
    stack: AsyncExitStack, resources: WorkerResources, record: SessionRecord, parts: Parts
) -> LanguageModel:
    """The model, told what the bot's documents say where the session has a bot."""
    if record.bot_id is None:
        return parts.model
    search = search_of(resources.database, record.bot_id)
    return await stack.enter_async_context(InformedModel.opened(parts.model, search, parts.faults))
