"""Callers of `benchmarks.greeting`, each in a process of its own.

Callers that share a process share its event loop: eight of them at once are told of the agent's
track up to a second after WebRTC receives it. What WebRTC plays until then nobody hears, be it the
whole greeting, and no agent can know of it.

`python -m benchmarks.greeting_caller` prints `ready`, then takes calls from standard input, an
address and a token a line, and answers each with a line of JSON when it is over.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Final

from benchmarks.exchange import hear_out
from benchmarks.peer_process import running
from benchmarks.rig import hear_onset
from cli.caller.caller import Caller
from cli.caller.errors import CallerError
from core.supervision import stop_tasks

PATIENCE_S: Final = 20.0
"""Longer than a caller is left without an agent: who hears nothing by then is in a silent room."""
_OVER_S: Final = 0.7
_LOOK_EVERY_S: Final = 0.01
_CALL_TIMEOUT_S: Final = 120.0
_PROGRAM: Final = (sys.executable, "-m", "benchmarks.greeting_caller")


@dataclass(frozen=True)
class CallSeen:
    """The moments of a call as its caller saw them, by this machine's monotonic clock. `held_up_s`:
    the longest that the caller's own process stood still until then."""

    connect_started_at: float
    joined_at: float | None
    agent_joined_at: float | None
    agent_track_at: float | None
    heard_at: float | None
    held_up_s: float


class CallerProcess:
    """Makes one call after the other."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    @asynccontextmanager
    async def started(cls) -> AsyncIterator["CallerProcess"]:
        """One that has loaded all that a call needs. Raises SystemFailed."""
        async with running(_PROGRAM, {}) as process:
            yield cls(process)

    async def call(self, ws_url: str, token: str) -> CallSeen:
        """Connect, hear the greeting to its end, leave. Raises CallerError when that broke off."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{ws_url} {token}\n".encode())
        try:
            async with asyncio.timeout(_CALL_TIMEOUT_S):
                line = await self._process.stdout.readline()
        except TimeoutError as exc:
            raise CallerError("the caller's process does not answer") from exc
        if not line:
            raise CallerError("the caller's process is gone")
        told = json.loads(line)
        if "error" in told:
            raise CallerError(told["error"])
        return CallSeen(**told)


class _Stopwatch:
    """Of the loop's own standing still."""

    def __init__(self) -> None:
        self.worst_s = 0.0

    async def run(self) -> None:
        while True:
            due_at = time.monotonic() + _LOOK_EVERY_S
            await asyncio.sleep(_LOOK_EVERY_S)
            self.worst_s = max(self.worst_s, time.monotonic() - due_at)


async def _seen(ws_url: str, token: str) -> CallSeen:
    stopwatch = _Stopwatch()
    watching = asyncio.create_task(stopwatch.run())
    try:
        async with Caller(ws_url, token) as caller:
            since = caller.connect_started_at or 0.0
            heard_at = await hear_onset(caller, since, PATIENCE_S)
            held_up_s = stopwatch.worst_s
            if heard_at is not None:
                await hear_out(caller, _OVER_S)
            joined_at, agent_at = caller.joined_at, caller.agent_joined_at
            return CallSeen(since, joined_at, agent_at, caller.agent_track_at, heard_at, held_up_s)
    finally:
        await stop_tasks([watching])


async def serve() -> None:
    """Until standard input closes."""
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        ws_url, _, token = line.strip().partition(" ")
        try:
            told: dict[str, object] = asdict(await _seen(ws_url, token))
        except CallerError as exc:
            told = {"error": str(exc)}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    asyncio.run(serve())
