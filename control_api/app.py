"""The application: the one place where the API's parts are wired."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import aiohttp
from aiohttp import web

from control_api.access.auth import AUTHENTICATOR, Authenticator
from control_api.access.jwks import KeySet
from control_api.access.tokens import Tokens
from control_api.catalog.voice_samples import voice_samples
from control_api.events.hub import EVENT_HUB, event_hub
from control_api.events.list_hub import list_hub
from control_api.events.standing import standing
from control_api.health.board import status_board
from control_api.health.readiness import readiness
from control_api.openapi.document import build_document
from control_api.operations import OPERATIONS
from control_api.pages.console import CONSOLE_FOLDER, add_console_headers
from control_api.pages.description import OPENAPI_DOCUMENT
from control_api.pages.widget import WIDGET_FOLDER
from control_api.parts import (
    CATALOG,
    DATABASE,
    DRAINING,
    HEALTH,
    LISTENER,
    SEALER,
    SETTINGS,
    TRACES,
)
from control_api.request.at_hand import AT_HAND, AtHand
from control_api.request.cursors import CURSORS, Cursors
from control_api.request.fair_loop import FAIR_LOOP, FairLoop
from control_api.request.idempotency import erase_old_answers
from control_api.request.middleware import add_headers, observe
from control_api.request.refused import REFUSED, Refused
from control_api.request.reports import reports
from control_api.routes import add_routes
from control_api.sessions.queue import QUEUE, Queue
from control_api.sessions.recording_links import LINKS, RecordingLinks
from control_api.sessions.recordings import objects
from control_api.sessions.rooms import ROOMS, Rooms
from control_api.talk.board import TALK_BOARD, TalkBoard
from control_api.watch.discarded import discarding
from control_api.watch.gauges import gauges
from control_api.watch.pruner import pruner
from control_api.watch.reaper import reaper
from control_api.watch.roller import roller
from control_api.watch.room_listeners import room_listeners
from control_api.watch.succession import succession
from control_api.webhooks.running import courier, sender
from core.catalog import Catalog
from core.settings import Settings
from core.spans import opened_traces
from core.supervision import Health, kept_up
from store.listener import Listener
from store.pool import Database
from store.sealing import Sealer

_FOLDER: Final = Path(__file__).parent


def build_app(
    settings: Settings, catalog: Catalog, *, built_folder: Path = _FOLDER
) -> web.Application:
    """The API. Its connections open when it starts and close when it is cleaned up.

    Console and widget are served as they were built into `built_folder`.
    Serve it with `auto_decompress=False`: it inflates bodies itself, within its limit.
    """
    app = web.Application(middlewares=[observe])
    app[SETTINGS] = settings
    app[CATALOG] = catalog
    app[CONSOLE_FOLDER] = built_folder / "console"
    app[WIDGET_FOLDER] = built_folder / "widget"
    app[OPENAPI_DOCUMENT] = json.dumps(build_document(OPERATIONS, catalog)).encode()
    app[HEALTH] = Health()
    app[DRAINING] = asyncio.Event()
    app[AT_HAND] = AtHand(settings.api.tenant_requests)
    app[FAIR_LOOP] = FairLoop()
    app[REFUSED] = Refused()
    app[QUEUE] = Queue(settings.admission)
    app[TALK_BOARD] = TalkBoard(settings, catalog)
    app[SEALER] = Sealer(*settings.sealing_keys)
    app[CURSORS] = Cursors(settings.sealing_keys)
    app[LINKS] = RecordingLinks(settings.sealing_keys)
    app.cleanup_ctx.extend(
        [_traces, _database, reports, _rooms, _authenticator, erase_old_answers, courier, sender]
    )
    app.cleanup_ctx.extend([readiness, status_board, voice_samples])
    app.cleanup_ctx.extend([event_hub, list_hub, _listening, standing, room_listeners])
    app.cleanup_ctx.extend([reaper, succession, pruner, roller, gauges])
    app.cleanup_ctx.extend([objects, discarding])
    app.on_shutdown.append(_end_streams)
    app.on_response_prepare.append(add_console_headers)
    app.on_response_prepare.append(add_headers)
    add_routes(app)
    return app


async def _end_streams(app: web.Application) -> None:
    """Let the streams end before the requests under way are waited for."""
    app[EVENT_HUB].close()


async def _traces(app: web.Application) -> AsyncIterator[None]:
    async with opened_traces(app[SETTINGS].tracing, "vaarta-api") as traces:
        if traces is not None:
            app[TRACES] = traces
        yield


async def _database(app: web.Application) -> AsyncIterator[None]:
    database = await Database.open(app[SETTINGS].database)
    app[DATABASE] = database
    app[LISTENER] = Listener(app[SETTINGS].database, database)
    yield
    await database.close()


async def _listening(app: web.Application) -> AsyncIterator[None]:
    """For the hubs, which have said by now what they want to hear."""
    async with kept_up("listener", app[LISTENER].run, health=app[HEALTH]):
        yield


async def _rooms(app: web.Application) -> AsyncIterator[None]:
    async with Rooms.open(app[SETTINGS].livekit) as rooms:
        app[ROOMS] = rooms
        yield


async def _authenticator(app: web.Application) -> AsyncIterator[None]:
    settings = app[SETTINGS].auth
    async with aiohttp.ClientSession() as http:
        key_set = KeySet(settings.jwks_url, http) if settings.jwks_url else None
        tokens = Tokens(settings, key_set)
        app[AUTHENTICATOR] = Authenticator(tokens, app[DATABASE], app[CATALOG])
        yield
