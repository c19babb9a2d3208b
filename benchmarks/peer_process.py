"""A peer's program: it says `ready`, takes lines, and ends when its standard input closes."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Final

from benchmarks.system import SystemFailed

_ROOT: Final = Path(__file__).parent.parent
_READY_TIMEOUT_S: Final = 60.0
_STOP_TIMEOUT_S: Final = 20.0
_SHOWN_BYTES: Final = 4000


@asynccontextmanager
async def running(
    argv: tuple[str, ...], env: dict[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """It from its `ready` on. Raises SystemFailed."""
    with tempfile.TemporaryFile() as log:
        process = await asyncio.create_subprocess_exec(
            *argv,
            cwd=_ROOT,
            env={**os.environ, **env},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
        try:
            await _wait_until_ready(process, argv, log)
            yield process
        finally:
            await _stop(process)


async def _wait_until_ready(
    process: asyncio.subprocess.Process, argv: tuple[str, ...], log: IO[bytes]
) -> None:
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_READY_TIMEOUT_S):
            if (await process.stdout.readline()).strip() == b"ready":
                return
    except TimeoutError:
        pass
    log.seek(0)
    raise SystemFailed(f"{' '.join(argv)} is not ready\n{log.read().decode()[-_SHOWN_BYTES:]}")


async def _stop(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(_STOP_TIMEOUT_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
