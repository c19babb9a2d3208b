"""API and worker as in production, on the run's Postgres and livekit-server.

The worker outlives the tests; its providers do not. They are always at the same address, where
each test serves the stand-ins that it needs:

    test        one ────── two ──────────── three ────
    providers   talking    refusing         (nobody)
    worker      ─────────────────────────────────────▶
"""

import random
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from sandbox.script import Script
from sandbox.server import Sandbox, serve
from store.migrate import migrate
from tests.e2e.models import write_catalog
from tests.eventually import eventually
from tests.servers import (
    ApiProcess,
    ChildProcess,
    EmbeddedPostgres,
    LiveKitServer,
    start_worker,
)

UPSTREAMS: Final = ("sarvam", "openrouter", "clarifai", "moonshot", "local")
PROVIDER_KEY: Final = "a-provider-key-that-no-log-may-hold"
REJOIN_GRACE_S: Final = 2
_UNASSIGNED_PORTS: Final = (20_000, 32_000)
"""Below those that the kernel gives to outgoing connections."""


@dataclass(frozen=True)
class System:
    """A running API with its worker. `env` starts another process beside them."""

    api: ApiProcess
    worker: ChildProcess
    livekit: LiveKitServer
    dsn: str
    provider_port: int
    env: Mapping[str, str]

    @asynccontextmanager
    async def providers(self, script: Script) -> AsyncIterator[Sandbox]:
        """Stand-ins that follow the script; nobody else may serve meanwhile.

        They stay until the sessions that the block began have left them: one that still lived
        would be served by whoever comes next.
        """
        async with serve(script, port=self.provider_port) as sandbox:
            yield sandbox

            async def are_left() -> bool:
                return not any(received.is_open for received in sandbox.requests)

            await eventually(are_left, what="the end of every connection to the providers")

    def written(self) -> str:
        """All that API and worker wrote."""
        return self.api.process.written() + self.worker.written()


@dataclass(frozen=True)
class Ground:
    """What a system stands on: a database, where its providers are, its processes' settings."""

    dsn: str
    provider_port: int
    env: Mapping[str, str]


@asynccontextmanager
async def ground(
    postgres: EmbeddedPostgres, livekit: LiveKitServer, **settings: str
) -> AsyncIterator[Ground]:
    """With a database and an agent name of its own; `settings` come on top of ours."""
    database = await postgres.create_database()
    dsn = postgres.dsn(database)
    await migrate(dsn)
    port = _quiet_port()
    catalog = postgres.folder / f"catalog-{database}.toml"
    write_catalog(catalog)
    env = {
        **livekit.env(),
        **_settings(f"http://127.0.0.1:{port}"),
        "DATABASE_URL": dsn,
        "AGENT_JOURNAL_DIR": str(postgres.folder / f"journal-{database}"),
        "RECORDING_STORE": str(postgres.folder / f"recordings-{database}"),
        "CATALOG_FILE": str(catalog),
        **settings,
    }
    try:
        yield Ground(dsn, port, env)
    finally:
        await postgres.drop_database(database)


@asynccontextmanager
async def running(
    postgres: EmbeddedPostgres, livekit: LiveKitServer, **settings: str
) -> AsyncIterator[System]:
    """A system of one API process and one worker."""
    async with AsyncExitStack() as stack:
        on = await stack.enter_async_context(ground(postgres, livekit, **settings))
        api = await ApiProcess.start(on.env)
        stack.callback(api.process.stop)
        worker = await start_worker(on.env)
        stack.callback(worker.stop)
        yield System(api, worker, livekit, on.dsn, on.provider_port, on.env)


def _settings(provider_url: str) -> dict[str, str]:
    """Bounds are short, so that what runs into them does so soon; but for the start of a session,
    which a busy machine makes long and no test waits in vain for."""
    upstreams = {name: f"{provider_url}/upstreams/{name}/v1" for name in UPSTREAMS}
    return {
        **{f"LLM_{name.upper()}_URL": url for name, url in upstreams.items()},
        **{f"LLM_{name.upper()}_API_KEY": PROVIDER_KEY for name in upstreams},
        "SARVAM_API_URL": provider_url,
        "SARVAM_WS_URL": provider_url.replace("http", "ws", 1),
        "SARVAM_API_KEY": PROVIDER_KEY,
        "LIVEKIT_AGENT_NAME": f"agent-{uuid4().hex}",
        "AGENT_CAPACITY": "64",  # tests create sessions to which nobody comes
        "AGENT_IDLE_PROCESSES_MOST": "2",  # no more than there are at the start
        "AGENT_START_TIMEOUT_S": "45",
        "REJOIN_GRACE_S": str(REJOIN_GRACE_S),
        "WEBHOOK_ALLOW_PRIVATE": "true",
        "LLM_FIRST_TOKEN_TIMEOUT_S": "1",
        "SARVAM_ANSWER_TIMEOUT_S": "3",
    }


def _quiet_port() -> int:
    """A loopback port that nobody is given by chance while nobody serves on it."""
    while True:
        port = random.randrange(*_UNASSIGNED_PORTS)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
