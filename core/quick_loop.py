"""The event loop of a job and of the API: libuv's, whose turns cost less than those of asyncio's
own, with the clock of that.

libuv knows whole milliseconds only, and counts a timer's from the last one:

    ms             10        11        12        13        14
    wait of 2.6 ms     ├───────────────────────────┤
    libuv's        ├─ 3 ───────────────────────┤             early
    here           ├─ 4 ─────────────────────────────────┤   the first that is not
"""

import asyncio
import math
import time
from collections.abc import Callable
from contextvars import Context
from typing import Final, TypeVarTuple, Unpack

import uvloop

_MS_PER_S: Final = 1000
_MOST_BEHIND_MS: Final = 2.0
"""What is further from Python's clock is another one, as on macOS."""
_Args = TypeVarTuple("_Args")


class QuickLoop(uvloop.Loop):
    """No wait ends before its time: what looks then whether it is over needs no second one."""

    def time(self) -> float:
        """The monotonic clock, as fine as it is."""
        return time.monotonic()

    def call_later(
        self,
        delay: float,
        callback: Callable[[Unpack[_Args]], object],
        *args: *_Args,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """As asyncio's; `call_at` and all that sleeps come by here."""
        if 0.0 < delay < math.inf:
            behind_ms = (time.monotonic() - super().time()) * _MS_PER_S
            if not 0.0 <= behind_ms <= _MOST_BEHIND_MS:
                behind_ms = 1.0
            delay = math.ceil(delay * _MS_PER_S + behind_ms) / _MS_PER_S
        return super().call_later(delay, callback, *args, context=context)
