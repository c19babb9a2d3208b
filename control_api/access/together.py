"""Requests of one caller that come at once are counted by one statement.

A caller's counter is a row: requests that each lock it stand in line for it, each with a connection
in its hands, and the others of the process are left without any. Here a caller has one statement
under way; whoever comes meanwhile waits for the next one, which begins after their coming (a key
that was revoked before a request lets that one in no more) and counts all of them. Who has used up
its minute is not counted for a moment.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from control_api.access.spent import Spent

Who = TypeVar("Who", bound=Hashable)
Found = TypeVar("Found")


@dataclass
class _Batch(Generic[Found]):
    n: int = 0
    counting: asyncio.Task[Found] = field(init=False)


class CountedTogether(Generic[Who, Found]):
    """`count` is told who asks and how often, and may be under way for many at once."""

    def __init__(self, count: Callable[[Who, int], Awaitable[Found]]) -> None:
        self._count = count
        self._gathering: dict[Who, _Batch[Found]] = {}
        self._under_way: dict[Who, _Batch[Found]] = {}
        self._spent: Spent[Who, Found] = Spent()

    async def one_more(self, who: Who) -> tuple[Found, int]:
        """What `count` found, and how many of those that it counted came after this one.

        Raises what `count` raises, to each of them.
        """
        if (spent := self._spent.find(who)) is not None:
            return spent, 0
        batch = self._gathering.get(who)
        if batch is None:
            batch = self._gathering[who] = _Batch()
            batch.counting = asyncio.create_task(self._run(who, batch))
        batch.n += 1
        place = batch.n
        # Whoever leaves takes nobody's count along.
        found = await asyncio.shield(batch.counting)
        return found, batch.n - place

    def spent(self, who: Who, found: Found, minute_left_s: float) -> None:
        """It is above its limit by what was found of it: that is told it again, uncounted, until
        its minute is over, and not for long."""
        self._spent.keep(who, found, minute_left_s)

    async def _run(self, who: Who, batch: _Batch[Found]) -> Found:
        if (before := self._under_way.get(who)) is not None:
            await asyncio.wait([before.counting])
        self._under_way[who] = self._gathering.pop(who)
        try:
            return await self._count(who, batch.n)
        finally:
            del self._under_way[who]
