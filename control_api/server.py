"""The API and its metrics on their ports."""

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from control_api.app import build_app
from core.catalog import Catalog
from core.settings import Settings

# Requests under way get this long to be answered once the process is told to stop.
_SHUTDOWN_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the process answers."""

    host: str
    port: int
    metrics_port: int


@asynccontextmanager
async def serve(settings: Settings, catalog: Catalog) -> AsyncIterator[Addresses]:
    """Answer requests inside the block; at its end those under way are finished.

    Raises `OSError` for a port that is taken.
    """
    host = settings.api.host
    _quieten_protocol_errors()
    async with AsyncExitStack() as stack:
        app = build_app(settings, catalog)
        port = await _listen(stack, app, host, settings.api.port)
        metrics_port = await _listen(stack, _metrics_app(), host, settings.api.metrics_port)
        yield Addresses(host, port, metrics_port)


async def _listen(stack: AsyncExitStack, app: web.Application, host: str, port: int) -> int:
    runner = web.AppRunner(
        app, access_log=None, auto_decompress=False, shutdown_timeout=_SHUTDOWN_S
    )
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, host, port).start()
    bound: int = runner.addresses[0][1]
    return bound


def _metrics_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/metrics", _metrics)
    return app


async def _metrics(_request: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


class _WithoutWhatWasSent(logging.Filter):
    """aiohttp logs a malformed request with its bytes, which may hold a key."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[0] is not None:
            record.error = record.exc_info[0].__name__
        record.msg, record.args = "request.malformed", ()
        record.exc_info = record.exc_text = None
        return True


def _quieten_protocol_errors() -> None:
    logger = logging.getLogger("aiohttp.server")
    if not any(isinstance(one, _WithoutWhatWasSent) for one in logger.filters):
        logger.addFilter(_WithoutWhatWasSent())
