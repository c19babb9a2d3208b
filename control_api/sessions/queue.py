"""Creates that wait for a place in the fleet: a burst queues, for a bounded time.

    no place ─▶ queue ─ its turn ─▶ asks, every 0.2 s ─▶ created
                  └─ deadline ─────────────┴───────────▶ refused

Each process has a queue of its own, and one that comes as a place is free may be faster than those.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from core.metrics import SESSIONS_WAITING
from core.setting_groups import AdmissionSettings
from store.admission import Decision, Verdict

LOOK_S: Final = 0.2
"""A worker tells within half a second that a place is free."""
FOR_A_PLACE: Final = frozenset({Verdict.FLEET, Verdict.NO_WORKER, Verdict.STT, Verdict.TTS})


class Queue:
    """Who waits in this process, the first one asking."""

    def __init__(self, settings: AdmissionSettings) -> None:
        self._settings = settings
        self._turn = asyncio.Lock()
        self._n_waiting = 0

    async def wait(self, decision: Decision, ask: Callable[[], Awaitable[Decision]]) -> Decision:
        """What `ask` comes to while there is time: the decision itself where it is no want of a
        place, or as many wait as may. Asking is never cut short: it may just have created."""
        if decision.verdict not in FOR_A_PLACE or self._n_waiting >= self._settings.waiters:
            return decision
        self._n_waiting += 1
        SESSIONS_WAITING.inc()
        try:
            return await self._until(decision, ask)
        finally:
            self._n_waiting -= 1
            SESSIONS_WAITING.dec()

    async def _until(self, decision: Decision, ask: Callable[[], Awaitable[Decision]]) -> Decision:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._settings.wait_s
        try:
            async with asyncio.timeout_at(deadline):
                await self._turn.acquire()
        except TimeoutError:
            return decision
        try:
            while decision.verdict in FOR_A_PLACE and loop.time() + LOOK_S <= deadline:
                await asyncio.sleep(LOOK_S)
                decision = await ask()
        finally:
            self._turn.release()
        return decision


QUEUE: Final = web.AppKey("queue", Queue)
