"""A real Redis, by which LiveKit nodes of a test know each other."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.child_process import ChildProcess
from tests.servers import MOST_STARTS, MissingServer, PortTaken, free_port


@dataclass(frozen=True)
class Redis:
    """One that listens on loopback and keeps nothing."""

    port: int
    process: ChildProcess

    async def ask(self, *command: str) -> list[str]:
        """The lines of its answer."""
        asked = await asyncio.create_subprocess_exec(
            str(_binary("redis-cli")),
            *("-p", str(self.port), *command),
            stdout=asyncio.subprocess.PIPE,
        )
        answer, _ = await asked.communicate()
        assert asked.returncode == 0, self.process.output()
        return answer.decode().split()


@asynccontextmanager
async def redis() -> AsyncIterator[Redis]:
    """A server of the block's own. Raises `MissingServer`."""
    server = await _start()
    try:
        yield server
    finally:
        server.process.stop()


async def _start() -> Redis:
    for _ in range(MOST_STARTS - 1):
        with suppress(PortTaken):
            return await _start_once()
    return await _start_once()


async def _start_once() -> Redis:
    """Raises `PortTaken`: it has to be told its port, and others take some."""
    port = free_port()
    given = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
    process = ChildProcess.start([str(_binary("redis-server")), *given], name="redis")
    try:
        await process.wait_for_output("Ready to accept connections")
    except BaseException:
        is_taken = "Address already in use" in process.output()
        process.stop()
        if is_taken:
            raise PortTaken from None
        raise
    return Redis(port, process)


def _binary(name: str) -> Path:
    found = shutil.which(name)
    if found is None or not os.access(found, os.X_OK):
        raise MissingServer("Redis: install Debian's package redis-server (`scripts/redis`)")
    return Path(found)
