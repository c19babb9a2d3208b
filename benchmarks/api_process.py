"""One API process of a run's own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Final

import aiohttp

from benchmarks.livekit_server import LiveKitAccess
from cli.dev.ports import PortPicker

ROOT: Final = Path(__file__).parent.parent
_READY_TIMEOUT_S: Final = 30.0
_POLL_S: Final = 0.05


@asynccontextmanager
async def own_api(
    dsn: str,
    livekit: LiveKitAccess,
    *,
    source: Path = ROOT,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[str]:
    """The address of `python -m control_api` on this database, once it is ready.

    `source`: the folder of the code that serves. `settings` stand over those of the environment.
    """
    port = PortPicker(lambda _: None).tcp("api", 0)
    env = {
        **os.environ,
        "APP_ENV": "development",
        "DATABASE_URL": dsn,
        "LIVEKIT_URL": livekit.url,
        "LIVEKIT_API_KEY": livekit.api_key,
        "LIVEKIT_API_SECRET": livekit.api_secret,
        "API_PORT": str(port),
        "API_DRAIN_S": "0",
        "METRICS_PORT": "0",
        "LOG_LEVEL": "WARNING",
        **settings,
    }
    command = (sys.executable, "-m", "control_api")
    process = await asyncio.create_subprocess_exec(*command, cwd=source, env=env)
    try:
        url = f"http://127.0.0.1:{port}"
        async with asyncio.timeout(_READY_TIMEOUT_S):
            while not await _is_ready(url):  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(_POLL_S)
        yield url
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _is_ready(url: str) -> bool:
    try:
        async with aiohttp.ClientSession() as http, http.get(f"{url}/readyz") as response:
            return response.status == 200
    except aiohttp.ClientError:
        return False
