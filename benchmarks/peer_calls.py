"""The systems that are compared, and a call with each: in the same room server, by one caller."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from benchmarks.livekit_server import LiveKitAccess
from benchmarks.peer_process import running
from benchmarks.scenario import Scenario
from benchmarks.system import System
from cli.caller.caller import Caller
from cli.caller.session_api import SessionApi

PIPECAT_PYTHON: Final = Path(__file__).parent.parent / ".data/peers/bin/python"
NAMES: Final = (
    "vaarta",
    "livekit-defaults",
    "livekit-200",
    "livekit-150",
    "livekit-eot",
    "pipecat-defaults",
    "pipecat-fast",
    "pipecat-smart-turn",
)
"""Framework and variant: what each is, its program in `peer_agents/` says."""

OpenCall = Callable[[], AbstractAsyncContextManager[Caller]]


@dataclass(frozen=True)
class Contender:
    """A system that takes calls; `pid` is the process that its others come from."""

    open_call: OpenCall
    pid: int


class PeerMissing(Exception):
    """A system that was asked for is not installed."""


@asynccontextmanager
async def contender(name: str, system: System, scenario: Scenario) -> AsyncIterator[Contender]:
    """One of `NAMES`, ready for calls. Raises SystemFailed, PeerMissing."""
    if name == "vaarta":
        assert system.worker_pid is not None
        yield Contender(lambda: _vaarta_call(system, scenario.session), system.worker_pid)
        return
    assert system.livekit is not None
    assert system.providers_url is not None
    framework, _, variant = name.partition("-")
    start = _pipecat if framework == "pipecat" else _livekit
    async with start(variant, system.livekit, system.providers_url, scenario) as started:
        yield started


def check_installed(names: tuple[str, ...]) -> None:
    """Raises PeerMissing saying what to do."""
    others = ",".join(name for name in names if not name.startswith("pipecat"))
    if others != ",".join(names) and not PIPECAT_PYTHON.exists():
        raise PeerMissing(
            f"Pipecat is not installed: run `make peers`, or leave it out with --systems {others}"
        )


@asynccontextmanager
async def _vaarta_call(system: System, session: Any) -> AsyncIterator[Caller]:
    async with SessionApi(system.api_url, system.api_key) as api:
        created = await api.create(session)
        try:
            async with Caller(created.ws_url, created.token) as caller:
                yield caller
        finally:
            await api.delete(created.id)


@asynccontextmanager
async def _livekit(
    variant: str, livekit: LiveKitAccess, providers_url: str, scenario: Scenario
) -> AsyncIterator[Contender]:
    """A worker as in production; the caller's token calls it into the room, as ours does."""
    unused = {"LIVEKIT_AGENTS_PRELOAD_LOCAL_INFERENCE": "0"}
    lean = {"LIVEKIT_AGENTS_LOOP_BLOCK_WARN_MS": "0", **(unused if variant.isdigit() else {})}
    argv = (
        *livekit.prefix,
        *(sys.executable, "-m", "benchmarks.peer_agents.livekit_agent", variant),
        *("--providers", providers_url, "--greeting", scenario.session["greeting"]),
    )
    env = {
        "LIVEKIT_URL": livekit.url,
        "LIVEKIT_API_KEY": livekit.api_key,
        "LIVEKIT_API_SECRET": livekit.api_secret,
        **({} if variant == "defaults" else lean),
    }

    @asynccontextmanager
    async def call() -> AsyncIterator[Caller]:
        token = livekit.token(new_room(), "caller", agent=f"peer-{variant}")
        async with Caller(livekit.url, token) as caller:
            yield caller

    async with running(argv, env) as process:
        yield Contender(call, process.pid)


@asynccontextmanager
async def _pipecat(
    variant: str, livekit: LiveKitAccess, providers_url: str, scenario: Scenario
) -> AsyncIterator[Contender]:
    """A process that is warm; it is told of the room as the caller starts to connect."""
    argv = (
        *livekit.prefix,
        *(str(PIPECAT_PYTHON), "-m", "benchmarks.peer_agents.pipecat_agent", variant),
        *("--livekit", livekit.url, "--providers", providers_url),
        *("--greeting", scenario.session["greeting"]),
    )

    async with running(argv, {}) as process:
        assert process.stdin is not None
        jobs = process.stdin

        @asynccontextmanager
        async def call() -> AsyncIterator[Caller]:
            room = new_room()
            jobs.write(f"{room} {livekit.token(room, 'agent')}\n".encode())
            async with Caller(livekit.url, livekit.token(room, "caller")) as caller:
                yield caller

        yield Contender(call, process.pid)


def new_room() -> str:
    """A name that none had."""
    return f"peer-{uuid4().hex}"
