"""The API and its metrics on their ports."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from control_api.app import build_app
from control_api.parts import DRAINING
from control_api.request.protocol import EnvelopeProtocol, Gate
from core.catalog import Catalog
from core.setting_groups import ApiSettings
from core.settings import Settings

# Requests under way get this long to be answered once the process is told to stop.
_SHUTDOWN_S: Final = 10.0
_BACKLOG: Final = 128


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the process answers; set `draining` to have it say that it will not for long."""

    host: str
    port: int
    metrics_port: int
    draining: asyncio.Event


@asynccontextmanager
async def serve(settings: Settings, catalog: Catalog) -> AsyncIterator[Addresses]:
    """Answer requests inside the block; at its end those under way are finished.

    Raises `OSError` for a port that is taken.
    """
    host = settings.api.host
    async with AsyncExitStack() as stack:
        app = build_app(settings, catalog)
        port = await _listen(stack, app, settings.api, settings.api.port)
        metrics_port = await _listen(stack, _metrics_app(), settings.api, settings.api.metrics_port)
        yield Addresses(host, port, metrics_port, app[DRAINING])


async def _listen(
    stack: AsyncExitStack, app: web.Application, settings: ApiSettings, port: int
) -> int:
    runner = web.AppRunner(app, shutdown_timeout=_SHUTDOWN_S)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    assert runner.server is not None
    loop = asyncio.get_running_loop()
    connect = partial(
        EnvelopeProtocol,
        runner.server,
        loop=loop,
        access_log=None,  # ours is a middleware
        auto_decompress=False,
        keepalive_timeout=settings.keep_alive_s,
        gate=Gate(settings.max_connections),
    )
    listening = await loop.create_server(connect, settings.host, port, backlog=_BACKLOG)
    stack.callback(listening.close)
    bound: int = listening.sockets[0].getsockname()[1]
    return bound


def _metrics_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/metrics", _metrics)
    return app


async def _metrics(_request: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
