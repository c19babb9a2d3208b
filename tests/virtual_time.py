"""Virtual time: an event loop whose clock jumps to the next timer when nothing else is ready.

A minute of conversation takes milliseconds, and always the same course. A test that would hang
fails instead: when every task waits for something that no timer brings, when tasks keep each
other busy without time passing, and when far more time passes than any test means.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final, TypeVar

START_S: Final = 1000.0
LONGEST_S: Final = 600.0
MOST_ROUNDS_AT_ONCE: Final = 20_000
"""Rounds of the loop at one moment. A conversation's busiest moment takes some dozens."""

T = TypeVar("T")


class StuckError(AssertionError):
    """The test would have hung."""


class _JumpingSelector(selectors.DefaultSelector):
    """Does not wait: moves the clock instead."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = START_S
        self._rounds = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            self._rounds += 1
            if self._rounds > MOST_ROUNDS_AT_ONCE:
                raise StuckError("tasks run in circles without time passing")
            return ready
        if timeout is None:
            raise StuckError("every task waits for something that will not happen")
        self._rounds = 0
        self.now_s += timeout
        if self.now_s > START_S + LONGEST_S:
            raise StuckError(f"more than {LONGEST_S:g} s of virtual time passed")
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """`time()` starts at 1000 s. `unhandled` collects what tasks raised and nobody retrieved."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)
        self.unhandled: list[dict[str, Any]] = []
        self.set_exception_handler(lambda _, context: self.unhandled.append(context))

    def time(self) -> float:
        return self._jumping.now_s


async def stubborn(for_s: float) -> None:
    """Lasts so long, whoever cancels it."""
    loop = asyncio.get_running_loop()
    over_at = loop.time() + for_s
    while loop.time() < over_at:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(over_at - loop.time())


def run_virtual(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` on a loop of its own. Raises `AssertionError` for errors that tasks kept."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        result = runner.run(main)
        loop = runner.get_loop()
        assert isinstance(loop, VirtualTimeLoop)
        assert not loop.unhandled, loop.unhandled
        return result
