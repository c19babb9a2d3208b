"""Whose request the loop works on next, so that who asks for everything waits for itself.

One loop serves all requests, step by step: a step is what one does between two waits. Left alone it
takes steps in the order in which they become ready, a hundred of one tenant's before the one of
another. Here each tenant has one step taken in a round of the loop; its further ones wait, by
turns of its requests, for the rounds that follow. A round more costs little, so that the loop is
never idle for it.
"""

import asyncio
from collections import deque
from collections.abc import Coroutine, Generator, Hashable
from typing import Any, Final, Generic, TypeAlias, TypeVar

from aiohttp import web

from store.fair_share import asked_for

Answer = TypeVar("Answer")

_Line: TypeAlias = deque[asyncio.Future[None]]


class FairLoop:
    """The rounds of one loop."""

    def __init__(self) -> None:
        self._has_gone: set[Hashable] = set()
        self._waiting: dict[Hashable, _Line] = {}
        self._is_next_due = False

    def may_go(self, who: Hashable) -> bool:
        """Whether a step of theirs may be taken now; it is, then."""
        if who in self._has_gone:
            return False
        self._has_gone.add(who)
        self._see_to_next()
        return True

    def wait(self, who: Hashable) -> asyncio.Future[None]:
        """Is done when a step may be taken."""
        called = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(who, deque()).append(called)
        return called

    def _see_to_next(self) -> None:
        if not self._is_next_due:
            self._is_next_due = True
            asyncio.get_running_loop().call_soon(self._begin_round)

    def _begin_round(self) -> None:
        self._is_next_due = False
        self._has_gone = {who for who, line in self._waiting.items() if _calls(line)}
        self._waiting = {who: line for who, line in self._waiting.items() if line}
        if self._has_gone:
            self._see_to_next()


def _calls(line: _Line) -> bool:
    """The first in it, past those who have left."""
    while line:
        if not (called := line.popleft()).done():
            called.set_result(None)
            return True
    return False


class Fairly(Generic[Answer]):
    """Awaits `work`, each step when its caller's turn has come: of the tenant for whom the task
    asks, of `first` as long as that is not known."""

    def __init__(self, loop: FairLoop, first: Hashable, work: Coroutine[Any, Any, Answer]) -> None:
        self._loop = loop
        self._first = first
        self._work = work

    def __await__(self) -> Generator[Any, None, Answer]:
        work, loop = self._work, self._loop
        failed: BaseException | None = None
        while True:
            try:
                who = asked_for() or self._first
                if failed is None and who is not None and not loop.may_go(who):
                    yield from loop.wait(who)
            except BaseException as exc:
                failed = exc
            try:
                waits_for = work.send(None) if failed is None else work.throw(failed)
            except StopIteration as done:
                answer: Answer = done.value
                return answer
            failed = None
            try:
                yield waits_for
            except GeneratorExit:
                work.close()
                raise
            except BaseException as exc:
                failed = exc


FAIR_LOOP: Final = web.AppKey("fair_loop", FairLoop)
