"""A store that speaks S3's protocol: moto's server, a process of its own that can go and come."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import aiohttp

from benchmarks.chaos.processes import kill
from benchmarks.chaos.proxy import quiet_port
from benchmarks.child_process import ChildProcess

BUCKET: Final = "calls"


@dataclass
class S3Server:
    """What it holds goes with it."""

    port: int
    process: ChildProcess | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        """What has recordings kept in its bucket."""
        return {
            "RECORDING_STORE": f"s3://{BUCKET}/ours",
            "RECORDING_S3_ENDPOINT": self.url,
            "RECORDING_S3_KEY_ID": "testing",
            "RECORDING_S3_SECRET": "a-secret-that-no-answer-may-hold",
        }

    async def start(self) -> None:
        """With one bucket, in which nothing is. Raises AssertionError."""
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        self.process = ChildProcess.start(command, name="moto")
        await self.process.wait_for_port(self.port)
        async with aiohttp.ClientSession() as http, http.put(f"{self.url}/{BUCKET}") as made:
            assert made.status == 200

    def kill(self) -> None:
        """At once."""
        if self.process is not None:
            kill([self.process.pid])
            self.process.stop()
            self.process = None


@asynccontextmanager
async def s3_server() -> AsyncIterator[S3Server]:
    """One that runs, at first."""
    server = S3Server(quiet_port())
    try:
        await server.start()
        yield server
    finally:
        server.kill()
