"""Runs the stand-ins on one port, for the command, for tests and for benchmarks."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from sandbox.app import build_app
from sandbox.backstage import Backstage
from sandbox.engines.start import run_engines
from sandbox.ports import Providers, RunningProviders
from sandbox.record import Requests
from sandbox.script import Script
from sandbox.scripted.recogniser import ScriptedRecogniser
from sandbox.scripted.replies import ScriptedTalker
from sandbox.scripted.voice import ScriptedVoice

_CLOSE_GRACE_S = 0.5


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox: what to point clients at, and what they sent."""

    http_url: str
    ws_url: str
    requests: Requests
    child_pids: tuple[int, ...] = ()
    _backstage: Backstage = field(kw_only=True, repr=False)

    def follow(self, script: Script) -> None:
        """Behave so from now on; connections that are open hear and speak as they began."""
        self._backstage.follow(scripted_providers(script))


def scripted_providers(script: Script) -> Providers:
    return Providers(
        recogniser=ScriptedRecogniser(script.stt, script.seed),
        voice=ScriptedVoice(script.tts, script.seed),
        talker=ScriptedTalker(script.chat, script.seed, script.stt.utterances),
        script=script,
    )


class Engines:
    """Says ``serve`` to run real recognition and a real voice instead of a script."""


@asynccontextmanager
async def serve(
    behaviour: Script | Engines, host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[Sandbox]:
    """Serve until the block ends; open connections are cut then.

    Raises:
        OSError: the port is taken.
        EngineError: the engines cannot start.
    """
    async with AsyncExitStack() as stack:
        if isinstance(behaviour, Script):
            running = RunningProviders(scripted_providers(behaviour))
        else:
            running = await stack.enter_async_context(run_engines())
        yield await stack.enter_async_context(_listen(running, host, port))


@asynccontextmanager
async def _listen(running: RunningProviders, host: str, port: int) -> AsyncIterator[Sandbox]:
    backstage = Backstage(running.providers)
    runner = web.AppRunner(
        build_app(backstage),
        handler_cancellation=True,
        shutdown_timeout=_CLOSE_GRACE_S,
        access_log=None,
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        address = f"{host}:{runner.addresses[0][1]}"
        yield Sandbox(
            f"http://{address}",
            f"ws://{address}",
            backstage.requests,
            running.child_pids,
            _backstage=backstage,
        )
    finally:
        await runner.cleanup()
