"""Calls that go on for as long as their cost is read: with an agent, and with the SDK alone."""

import asyncio
import itertools
import random
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from benchmarks.exchange import NotMeasured, ask, hear_out
from benchmarks.livekit_server import LiveKitAccess
from benchmarks.peer_calls import Contender, OpenCall, new_room
from benchmarks.peer_process import running
from benchmarks.rig import hear_onset
from benchmarks.usage import Memory, Work, memory_of, runs_of, work_between
from cli.caller.caller import Caller
from cli.caller.clip import Clip
from cli.caller.errors import CallerError, CallTimeout

_SETTLED_S: Final = 4.0
"""After the greetings: by then the processes for the next calls stand ready."""
_OVER_S: Final = 0.7
_THINK_S: Final = (0.2, 0.6)
_GAP_S: Final = 0.1
_STEADY: Final = (4.0, 9.0)
"""Seconds of an answer, and from one question to the next, where no agent has shown any."""


@dataclass(frozen=True)
class Media:
    """A session-minute: how often the caller spoke, and seconds of sound of both."""

    turns: float
    asked_s: float
    answered_s: float

    @property
    def rhythm_s(self) -> tuple[float, float]:
        """An answer, and from one question to the next."""
        return self.answered_s / self.turns, 60 / self.turns


@dataclass(frozen=True)
class Held:
    """What a number of calls at once cost."""

    media: Media
    work: Work
    memory: Memory


@dataclass
class Host:
    """Takes calls in the processes `pids` and theirs. `every_s`: the caller asks by the clock, and
    waits for no answer."""

    open_call: OpenCall
    pids: Callable[[], Sequence[int]]
    every_s: float | None = None


def host_of(started: Contender) -> Host:
    """An agent."""
    return Host(started.open_call, lambda: (started.pid,))


def bare_host(livekit: LiveKitAccess, like: Media | None) -> Host:
    """The SDK alone, a process a call, with as much sound as in those of `like`."""
    answer_s, every_s = _STEADY if like is None else like.rhythm_s
    pids: list[int] = []
    program = (sys.executable, "-m", "benchmarks.peer_agents.bare", "--livekit", livekit.url)
    argv = (*program, "--answer", f"{answer_s:.2f}", "--pause", f"{every_s - answer_s:.2f}")

    @asynccontextmanager
    async def call() -> AsyncIterator[Caller]:
        room = new_room()
        async with running(argv, {}) as process:
            assert process.stdin is not None
            process.stdin.write(f"{room} {livekit.token(room, 'agent')}\n".encode())
            pids.append(process.pid)
            async with Caller(livekit.url, livekit.token(room, "caller")) as caller:
                yield caller

    return Host(call, lambda: pids, every_s)


async def hold_calls(host: Host, clips: Sequence[Clip], n: int, seconds: float) -> Held:
    """Raises CallerError when one breaks off: then there is no figure."""
    async with AsyncExitStack() as stack:
        callers = await asyncio.gather(
            *(stack.enter_async_context(host.open_call()) for _ in range(n))
        )
        await asyncio.gather(*(_hear_first(caller) for caller in callers))
        await asyncio.sleep(_SETTLED_S)
        began_at, before = time.monotonic(), runs_of(host.pids())
        talks = [Talk(caller, clips, random.Random(i)) for i, caller in enumerate(callers)]
        await asyncio.gather(*(talk.go_on(seconds, host.every_s) for talk in talks))
        took_s, after = time.monotonic() - began_at, runs_of(host.pids())
        media = _media(talks, began_at, took_s)
        return Held(media, work_between(before, after), memory_of(host.pids()))


@dataclass
class Talk:
    """One caller's part; clips are played round and round."""

    caller: Caller
    clips: Sequence[Clip]
    chance: random.Random
    turns: int = 0
    asked_s: float = 0.0

    async def go_on(self, seconds: float, every_s: float | None) -> None:
        """Until the time is over, wherever that is."""
        try:
            async with asyncio.timeout(seconds):
                for clip in itertools.cycle(self.clips):
                    next_at = time.monotonic() + (every_s or 0.0)
                    self.turns += 1
                    self.asked_s += clip.duration_s
                    if every_s is None:
                        await self._ask(clip)
                    else:
                        with suppress(CallTimeout):
                            await self.caller.play(clip)
                        await asyncio.sleep(next_at - time.monotonic())
        except TimeoutError:
            return

    async def _ask(self, clip: Clip) -> None:
        # It costs what it costs, be it answered in time or not.
        with suppress(NotMeasured, CallTimeout):
            await ask(self.caller, clip)
        with suppress(CallTimeout):
            await hear_out(self.caller, _OVER_S)
        await asyncio.sleep(self.chance.uniform(*_THINK_S))


def _media(talks: Sequence[Talk], since: float, took_s: float) -> Media:
    spans = [span for talk in talks for span in talk.caller.agent_sound.spans(_GAP_S, since)]
    answered_s = sum(span.ended_at - max(since, span.started_at) for span in spans)
    minutes = len(talks) * took_s / 60
    turns, asked_s = sum(talk.turns for talk in talks), sum(talk.asked_s for talk in talks)
    return Media(turns / minutes, asked_s / minutes, answered_s / minutes)


async def _hear_first(caller: Caller) -> None:
    if await hear_onset(caller, caller.connect_started_at or 0.0) is None:
        raise CallerError("no greeting")
