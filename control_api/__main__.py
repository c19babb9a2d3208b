"""`python -m control_api`: the API until SIGTERM or Ctrl-C; a second one does not wait for
balancers to see it.

Exits 2 when the settings or the catalog do not hold together, 1 when a port is taken or what it
was told to stop does not end in time.
"""

import asyncio
import gc
import logging
import os
import signal
import sys
from contextlib import suppress
from typing import Final

from control_api.server import serve
from control_api.stopping import leave_after
from core.catalog import Catalog
from core.errors import ConfigError
from core.log import configure_logging
from core.quick_loop import QuickLoop
from core.settings import Settings

_log: Final = logging.getLogger("control_api")


def main() -> int:
    """Read the settings, serve, return the exit code."""
    try:
        settings = Settings.from_env(os.environ)
        catalog = Catalog.load(settings.catalog_file)
    except ConfigError as exc:
        sys.stderr.write(f"{exc}\n")
        return 2
    configure_logging(settings.app.log_level)
    try:
        with asyncio.Runner(loop_factory=QuickLoop) as runner:
            runner.run(_run(settings, catalog))
    except OSError as exc:
        _log.error("api.cannot_listen", extra={"reason": exc.strerror})
        return 1
    return 0


async def _run(settings: Settings, catalog: Catalog) -> None:
    stop, hurry = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_signal() -> None:
        if stop.is_set():
            hurry.set()
            return
        stop.set()
        leave_after(settings.api.stop_timeout_s, loop)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal)
    async with serve(settings, catalog) as at:
        # A look through all that lives for as long as the process would hold up every request.
        gc.collect()
        gc.freeze()
        _log.info(
            "api.ready",
            extra={"host": at.host, "port": at.port, "metrics_port": at.metrics_port},
        )
        await stop.wait()
        _log.info("api.stopping")
        at.draining.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(settings.api.drain_s):
                await hurry.wait()
    _log.info("api.stopped")


if __name__ == "__main__":
    sys.exit(main())
