"""How a job parts from its session: the first way that comes up counts.

over       it is over, and its row is ended; the first reason of it counts as well
let go     it goes on with another job, and this one leaves it to whoever claims it
replaced   another job holds it already, and this one only leaves
unmet      its caller has not come: it is as it was before this job
"""

import asyncio
from collections.abc import Callable
from enum import Enum, auto

from store.records import EndReason


class Way(Enum):
    """How a job parts from its session."""

    OVER = auto()
    LET_GO = auto()
    REPLACED = auto()
    UNMET = auto()


class Parting:
    """What one job has come to. `on_left_to_another` is told, once, when the session goes on
    without it. Until they `has_met`, caller and agent, there is nothing to let go of."""

    def __init__(self, on_left_to_another: Callable[[], None], *, has_met: bool = True) -> None:
        self._on_left_to_another = on_left_to_another
        self._has_come = asyncio.Event()
        self.has_met = has_met
        self.way: Way | None = None
        self.end_reason: EndReason | None = None
        self.left_at: float | None = None
        """When the caller left, while they are away."""

    def stop(self, reason: EndReason) -> None:
        """It is over."""
        if self.way is None:
            self.end_reason = reason
        self.part(Way.OVER)

    def part(self, way: Way) -> None:
        """Leave it."""
        if self.way is not None:
            return
        if way is Way.LET_GO and not self.has_met:
            way = Way.UNMET
        self.way = way
        if way is not Way.OVER:
            self._on_left_to_another()
        self._has_come.set()

    async def come(self) -> None:
        """Wait for it."""
        await self._has_come.wait()

    @property
    def over_for_s(self) -> float:
        """The time in which a caller who hung up might have come back is no part of the session."""
        if self.end_reason is not EndReason.CALLER_HANGUP or self.left_at is None:
            return 0.0
        return asyncio.get_running_loop().time() - self.left_at
