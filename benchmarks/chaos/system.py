"""A whole system whose every wire runs through a proxy and whose every process can be killed.

::

    caller ───────────────────────────────▶ livekit-server ◀── workers, API
    API     ──▶ api_postgres    ──┐
    workers ──▶ worker_postgres ──┴──▶ Postgres
    workers ──▶ speech, models  ─────▶ the sandbox, in this process

Production's settings but for addresses. All of it is on loopback, or on `islands`.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import aiohttp
import asyncpg

from benchmarks.chaos.inbox import Inbox, open_inbox
from benchmarks.chaos.islands import Island, Islands
from benchmarks.chaos.proxy import Proxy, quiet_port
from benchmarks.child_process import ChildProcess
from benchmarks.livekit_server import LiveKitProcess, livekit_process
from benchmarks.network import LOCAL
from benchmarks.postgres_server import own_postgres
from cli.dev.ports import LOOPBACK
from core.setting_groups import UPSTREAMS
from sandbox.script import Script
from sandbox.server import Sandbox, serve

_KEY: Final = "a-key-of-the-stand-ins"
_READY_S: Final = 120.0
DRAINED_S: Final = 120.0
"""A worker that was told to stop has ended by then."""


@dataclass(frozen=True)
class Wires:
    """The proxies by what they lie before, and for whom."""

    api_postgres: Proxy
    worker_postgres: Proxy
    speech: Proxy
    models: Mapping[str, Proxy]


@dataclass
class ChaosSystem:
    """Running. `dsn` is the database's own, through no proxy; `workers` those that live."""

    api: ChildProcess
    api_url: str
    livekit: LiveKitProcess
    dsn: str
    wires: Wires
    sandbox: Sandbox
    inbox: Inbox
    worker_env: Mapping[str, str] = field(repr=False)
    islands: Islands | None = None
    workers: list[ChildProcess] = field(default_factory=list)
    _inhabited: dict[int, Island] = field(default_factory=dict)

    def island_of(self, worker: ChildProcess) -> Island:
        """Where it lives."""
        return self._inhabited[worker.pid]

    def _free_island(self) -> Island | None:
        """One that as few workers as possible live on."""
        if self.islands is None:
            return None
        taken = [self._inhabited[worker.pid] for worker in self.workers if worker.is_running]
        return min(self.islands.workers, key=taken.count)

    async def start_worker(self) -> ChildProcess:
        """One more, once LiveKit knows it. Raises AssertionError."""
        island = self._free_island()
        prefix = island.prefix if island else ()
        command = (*prefix, sys.executable, "-m", "agent")
        worker = ChildProcess.start(command, name="worker", env=self.worker_env)
        self.workers.append(worker)
        if island:
            self._inhabited[worker.pid] = island
        await worker.wait_for_output("worker.registered", deadline_s=_READY_S)
        return worker

    async def deploy(self, old: ChildProcess) -> None:
        """A new worker takes its place: it drains, ends, and is none of ours any more."""
        await self.start_worker()
        old.terminate()
        await old.wait(deadline_s=DRAINED_S)
        self.workers.remove(old)
        old.stop()

    async def replace_dead(self) -> None:
        """Start a worker for each that has ended, as an orchestrator would."""
        dead = [worker for worker in self.workers if not worker.is_running]
        self.workers = [worker for worker in self.workers if worker.is_running]
        await asyncio.gather(*(self.start_worker() for _ in dead))
        for worker in dead:
            worker.stop()

    async def mend(self) -> None:
        """Every wire and road whole, and as many workers as before."""
        if self.islands:
            self.islands.open_roads()
        wires = self.wires
        for proxy in (wires.api_postgres, wires.worker_postgres, wires.speech):
            await proxy.mend()
        for proxy in wires.models.values():
            await proxy.mend()
        await self.replace_dead()

    async def ask_database(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        """The rows of a statement, past every proxy."""
        connection = await asyncpg.connect(self.dsn)
        try:
            rows: list[asyncpg.Record] = await connection.fetch(statement, *arguments)
        finally:
            await connection.close()
        return rows


@asynccontextmanager
async def chaos_system(
    script: Script,
    *,
    workers: int = 2,
    settings: Mapping[str, str] | None = None,
    islands: Islands | None = None,
) -> AsyncIterator[ChaosSystem]:
    """The system while the block lasts; `settings` over production's defaults.

    Raises LiveKitMissing, or AssertionError with what a process wrote that did not come up.
    """
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        sandbox = await enter(serve(script, port=quiet_port()))
        dsn = await enter(own_postgres())
        livekit = await enter(livekit_process(islands.livekit if islands else LOCAL))
        inbox = await enter(open_inbox())
        providers = urlsplit(sandbox.http_url).netloc.partition(":")
        behind = (providers[0], int(providers[2]))
        host = islands.side_door if islands else LOOPBACK
        wires = Wires(
            api_postgres=await enter(Proxy.opened(_socket_of(dsn))),
            worker_postgres=await enter(Proxy.opened(_socket_of(dsn), host=host)),
            speech=await enter(Proxy.opened(behind, host=host)),
            models={name: await enter(Proxy.opened(behind, host=host)) for name in UPSTREAMS},
        )
        journal = stack.enter_context(TemporaryDirectory(prefix="vaarta-journal-"))
        common = {
            **_common_env(livekit, wires),
            "AGENT_JOURNAL_DIR": journal,
            "AGENT_REPERTOIRE_DIR": "",
            **(settings or {}),
        }
        api, api_url = await _start_api(stack, common, wires)
        worker_env = {
            **common,
            "AGENT_PORT": "0",
            "AGENT_METRICS_PORT": "0",
            "DATABASE_URL": _through(wires.worker_postgres),
        }
        system = ChaosSystem(api, api_url, livekit, dsn, wires, sandbox, inbox, worker_env, islands)
        stack.callback(lambda: [worker.stop() for worker in system.workers])
        await asyncio.gather(*(system.start_worker() for _ in range(workers)))
        yield system


async def _start_api(
    stack: AsyncExitStack, common: Mapping[str, str], wires: Wires
) -> tuple[ChildProcess, str]:
    port = quiet_port()
    env = {
        **common,
        "API_PORT": str(port),
        "API_DRAIN_S": "0",
        "METRICS_PORT": "0",
        "DATABASE_URL": _through(wires.api_postgres),
    }
    api = ChildProcess.start([sys.executable, "-m", "control_api"], name="api", env=env)
    stack.callback(api.stop)
    url = f"http://127.0.0.1:{port}"

    async def is_ready() -> bool:
        try:
            async with aiohttp.ClientSession() as http, http.get(f"{url}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    await api.wait_for(is_ready, "readiness", deadline_s=_READY_S)
    return api, url


def _common_env(livekit: LiveKitProcess, wires: Wires) -> dict[str, str]:
    access = livekit.access
    hosts = {name: proxy.address for name, proxy in wires.models.items()}
    return {
        # Guests keep silent while a fault takes its time; nobody asks whether they are there.
        "IDLE_PROMPT_S": "0",
        "LIVEKIT_URL": access.url,
        "LIVEKIT_API_KEY": access.api_key,
        "LIVEKIT_API_SECRET": access.api_secret,
        "LIVEKIT_AGENT_NAME": f"agent-{uuid4().hex}",
        "SARVAM_API_URL": f"http://{wires.speech.address}",
        "SARVAM_WS_URL": f"ws://{wires.speech.address}",
        "SARVAM_API_KEY": _KEY,
        **{f"LLM_{n.upper()}_URL": f"http://{at}/upstreams/{n}/v1" for n, at in hosts.items()},
        **{f"LLM_{name.upper()}_API_KEY": _KEY for name in hosts},
        "WEBHOOK_ALLOW_PRIVATE": "true",
    }


def _socket_of(dsn: str) -> str:
    """The socket file of the run's Postgres."""
    folder = parse_qs(urlsplit(dsn).query)["host"][0]
    return f"{folder}/.s.PGSQL.5432"


def _through(proxy: Proxy) -> str:
    """How the run's Postgres is reached through a proxy."""
    return f"postgresql://postgres@{proxy.address}/postgres?sslmode=disable"
