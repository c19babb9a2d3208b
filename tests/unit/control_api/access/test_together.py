"""Requests of one caller that come at once, counted by one statement."""

import asyncio

import pytest

from control_api.access.together import CountedTogether


class Row:
    """A counter that is asked one at a time by each caller, and says so when it is not."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, int]] = []
        self.at_once = 0
        self.begun = asyncio.Event()
        self.failing = False
        self._n: dict[str, int] = {}

    async def count(self, who: str, n: int) -> int:
        self.at_once += 1
        assert self.at_once == 1
        self.statements.append((who, n))
        self.begun.set()
        await asyncio.sleep(0.01)
        self.at_once -= 1
        if self.failing:
            raise ConnectionError
        self._n[who] = self._n.get(who, 0) + n
        return self._n[who]


async def places(counted: CountedTogether[str, int], n: int) -> list[int]:
    found = await asyncio.gather(*(counted.one_more("asha") for _ in range(n)))
    return [total - later for total, later in found]


async def test_each_gets_a_place_of_its_own() -> None:
    row = Row()
    counted = CountedTogether(row.count)
    assert await places(counted, 40) == list(range(1, 41))
    assert row.statements == [("asha", 40)]
    assert await places(counted, 2) == [41, 42]


async def test_who_comes_meanwhile_is_counted_by_a_statement_that_begins_later() -> None:
    row = Row()
    counted = CountedTogether(row.count)
    first = asyncio.create_task(places(counted, 1))
    await row.begun.wait()
    later = asyncio.create_task(places(counted, 3))

    assert (await first, await later) == ([1], [2, 3, 4])
    assert row.statements == [("asha", 1), ("asha", 3)]


async def test_each_is_told_when_it_fails_and_the_next_begins_anew() -> None:
    row = Row()
    counted = CountedTogether(row.count)
    row.failing = True
    failed = await asyncio.gather(
        *(counted.one_more("asha") for _ in range(3)), return_exceptions=True
    )
    assert [type(one) for one in failed] == [ConnectionError] * 3

    row.failing = False
    assert await places(counted, 1) == [1]


async def test_one_that_leaves_takes_nobodys_count_along() -> None:
    row = Row()
    counted = CountedTogether(row.count)
    leaving = asyncio.create_task(counted.one_more("asha"))
    staying = asyncio.create_task(counted.one_more("asha"))
    await row.begun.wait()
    leaving.cancel()

    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert await staying == (2, 0)
