"""Short sessions without end on a system that fails at random, looked at all the while."""

import asyncio
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from livekit import rtc

from benchmarks.chaos.footprint import Footprint, footprint_of
from benchmarks.chaos.guest import Guest, invited
from benchmarks.chaos.heard import overlap_s
from benchmarks.chaos.processes import processes_of
from benchmarks.chaos.stage import Stage
from benchmarks.chaos.stray import STRAYS
from cli.caller.errors import CallerError
from cli.caller.session_api import SessionApi
from core.rights import Plan

_TENANTS: Final = 4
"""Each may create ten sessions a minute."""
_SAMPLE_S: Final = 5.0
_MOST_QUESTIONS: Final = 3
_PAUSE_S: Final = 2.0
"""After a call that could not even begin."""
_QUIET_AT_THE_END_S: Final = 20.0
"""The last faults come so long before the end."""


@dataclass(frozen=True)
class SoakOptions:
    minutes: float
    sessions: int
    workers: int
    fault_every_s: float
    seed: int


@dataclass(frozen=True)
class Past:
    """A session that is over: what is needed to look for its losses."""

    session_id: str
    said: tuple[str, ...]
    tried: tuple[str, ...]
    has_doubles: bool


@dataclass
class Soak:
    """One run while it goes on."""

    stage: Stage
    options: SoakOptions
    chance: random.Random
    began_at: float = field(default_factory=time.monotonic)
    past: list[Past] = field(default_factory=list)
    waits_ms: list[float] = field(default_factory=list)
    broken: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    footprints: dict[str, list[Footprint]] = field(default_factory=dict)

    @property
    def left_s(self) -> float:
        """Until no further session begins."""
        return self.began_at + 60 * self.options.minutes - time.monotonic()

    async def run(self) -> None:
        """Talk, fail and look, until the time is over and all have hung up."""
        tenants = [await self.stage.new_tenant(Plan.ENTERPRISE) for _ in range(_TENANTS)]
        failing = asyncio.create_task(self._fail())
        looking = asyncio.create_task(self._look())
        try:
            await asyncio.gather(
                *(
                    self._call_again_and_again(tenants[line % _TENANTS])
                    for line in range(self.options.sessions)
                )
            )
        finally:
            for task in (failing, looking):
                task.cancel()
            await asyncio.gather(failing, looking, return_exceptions=True)
            await self.stage.system.mend()

    async def _call_again_and_again(self, api: SessionApi) -> None:
        body = {**self.stage.scenario.session, "webhook_url": self.stage.system.inbox.url}
        while self.left_s > 0:
            try:
                async with invited(api, body, self.stage.scenario.clips[0], kept_s=0.0) as guest:
                    try:
                        await self._talk(guest)
                    except CallerError as exc:
                        self._tell(f"{guest.session.id} broke off: {exc}")
                        raise
                    finally:
                        self._note(guest)
            except (CallerError, TimeoutError, rtc.ConnectError) as exc:
                self.broken[str(exc) or type(exc).__name__] += 1
                await asyncio.sleep(_PAUSE_S)

    async def _talk(self, guest: Guest) -> None:
        await guest.hear_greeting()
        for number in range(self.chance.randint(1, _MOST_QUESTIONS)):
            text = None if self.chance.random() < 0.5 else f"And what about point {number}?"
            self.waits_ms.append(1000 * await guest.exchange(text))

    def _note(self, guest: Guest) -> None:
        doubles = overlap_s(guest.tracks) > 0
        self.past.append(Past(guest.session.id, tuple(guest.said), tuple(guest.tried), doubles))

    async def _fail(self) -> None:
        """One fault after the other, each whole again before the next."""
        while True:
            await asyncio.sleep(self.chance.expovariate(1 / self.options.fault_every_s))
            if self.left_s < _QUIET_AT_THE_END_S:
                return
            name = self.chance.choice(list(STRAYS))
            self.faults[name] += 1
            self._tell(name)
            await STRAYS[name](self.stage, self.chance)

    def _tell(self, text: str) -> None:
        print(f"{time.monotonic() - self.began_at:7.0f} s  {text}", file=sys.stderr, flush=True)

    async def _look(self) -> None:
        while True:
            at_s = time.monotonic() - self.began_at
            for who, pids in self._processes().items():
                held = await asyncio.to_thread(footprint_of, pids, at_s)
                self.footprints.setdefault(who, []).append(held)
            await asyncio.sleep(_SAMPLE_S)

    def _processes(self) -> dict[str, list[int]]:
        parents = [worker.pid for worker in self.stage.system.workers if worker.is_running]
        return {
            "API": [self.stage.system.api.pid],
            "workers' parents": parents,
            "workers whole": [pid for parent in parents for pid in processes_of(parent)],
        }
