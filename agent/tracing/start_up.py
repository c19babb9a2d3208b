"""How a session came to its first sound: the moments of its start, counted from the job's offer.

    offered ─▶ accepted ─▶ assigned ─▶ launched ─▶ entered ─▶ claimed ─▶ joined ─▶ met ─▶ active
    to the worker           by LiveKit   a process                          └─▶ published ──┘
                                                               sounded ◀── attended ◀───────┘

What runs side by side is counted from the same beginning, so that each moment says how late it is.
"""

import logging
import time
from collections.abc import Callable
from typing import Final, Literal, Self

from livekit.agents import JobContext

from core.metrics import START_SECONDS

log = logging.getLogger(__name__)

Moment = Literal[
    "accepted",
    "assigned",
    "launched",
    "entered",
    "claimed",
    "joined",
    "published",
    "met",
    "active",
    "attended",
    "sounded",
]


class StartUp:
    """Of one session. `offered_at` and what `clock` tells are seconds since 1970: other processes
    have seen its beginning."""

    def __init__(self, offered_at: float, clock: Callable[[], float] = time.time) -> None:
        self._offered_at: Final = offered_at
        self._clock = clock
        self._after_ms: dict[Moment, int] = {}
        self._is_told = False

    @classmethod
    def of(cls, job: JobContext) -> Self:
        """As livekit-agents has stamped the job until now. One that is resumed has no stamps."""
        info = job._info  # what it shows of these moments is a trace alone
        start = cls(info.received_at or time.time())
        start._note("accepted", info.accepted_at)
        start._note("assigned", info.assigned_at)
        start._note("launched", info.launched_at)
        start.mark("entered")
        return start

    def mark(self, moment: Moment) -> None:
        """It is now; the first time counts."""
        if moment not in self._after_ms:
            self._note(moment, self._clock())

    def elapsed_s(self) -> float:
        """Since the offer."""
        return max(0.0, self._clock() - self._offered_at)

    def tell(self) -> None:
        """The first sound has left: one line, and the metric. Once."""
        if self._is_told:
            return
        self._is_told = True
        self.mark("sounded")
        for moment, after_ms in self._after_ms.items():
            START_SECONDS.labels(moment).observe(after_ms / 1000)
        told = {f"{moment}_ms": after_ms for moment, after_ms in self._after_ms.items()}
        log.info("session.greeted", extra={"offered_at": round(self._offered_at, 3), **told})

    def _note(self, moment: Moment, at: float) -> None:
        """Clocks may be set back; a stamp of 0 is none."""
        if at:
            self._after_ms[moment] = max(0, round(1000 * (at - self._offered_at)))
