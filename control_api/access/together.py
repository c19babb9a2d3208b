"""Requests of one caller that come at once are counted by one statement.

A caller's counter is a row: requests that each lock it stand in line for it, each with a connection
in its hands, and the others of the process are left without any. Here a caller has one statement
under way; whoever comes meanwhile waits for the next one, which begins after their coming (a key
that was revoked before a request lets that one in no more) and counts all of them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

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

    async def one_more(self, who: Who) -> tuple[Found, int]:
        """What `count` found, and how many of those that it counted came after this one.

        Raises what `count` raises, to each of them.
        """
        batch = self._gathering.get(who)
        if batch is None:
            batch = self._gathering[who] = _Batch()
            batch.counting = asyncio.create_task(self._run(who, batch))
        batch.n += 1
        place = batch.n
        # Whoever leaves takes nobody's count along.
        found = await asyncio.shield(batch.counting)
        return found, batch.n - place

    async def _run(self, who: Who, batch: _Batch[Found]) -> Found:
        if (before := self._under_way.get(who)) is not None:
            await asyncio.wait([before.counting])
        self._under_way[who] = self._gathering.pop(who)
        try:
            return await self._count(who, batch.n)
        finally:
            del self._under_way[who]
