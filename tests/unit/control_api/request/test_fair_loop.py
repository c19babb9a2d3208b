"""Whose request the loop works on next."""

import asyncio
from collections.abc import Coroutine, Hashable
from typing import Any, Final
from uuid import uuid4

import pytest

from control_api.request.fair_loop import FairLoop, Fairly
from store.fair_share import ask_for
from tests.virtual_time import run_virtual

LOUD: Final = "loud"
QUIET: Final = "quiet"


class Steps:
    """Requests that note each step they take."""

    def __init__(self) -> None:
        self.loop = FairLoop()
        self.taken: list[Hashable] = []

    async def request(self, who: Hashable, n: int) -> int:
        for _ in range(n):
            self.taken.append(who)
            await asyncio.sleep(0)
        return n

    def begin(self, who: Hashable, work: Coroutine[Any, Any, int]) -> asyncio.Task[int]:
        async def fairly() -> int:
            return await Fairly(self.loop, who, work)

        return asyncio.create_task(fairly())

    def several(self, who: Hashable, n: int, steps: int = 3) -> list[asyncio.Task[int]]:
        return [self.begin(who, self.request(who, steps)) for _ in range(n)]


@pytest.fixture
def steps() -> Steps:
    return Steps()


async def test_one_request_is_served_while_another_callers_hundred_wait(steps: Steps) -> None:
    loud = steps.several(LOUD, 100)
    await asyncio.sleep(0)
    await asyncio.gather(*steps.several(QUIET, 1, steps=5))

    assert steps.taken.count(LOUD) < 20
    assert await asyncio.gather(*loud) == [3] * 100


async def test_each_of_two_who_ask_for_much_has_every_other_step(steps: Steps) -> None:
    await asyncio.gather(*steps.several("a", 20), *steps.several("b", 20))
    assert all(abs(steps.taken[:n].count("a") - n / 2) <= 1 for n in range(120))


async def test_those_of_one_caller_go_in_the_order_in_which_they_came(steps: Steps) -> None:
    began: list[int] = []

    async def note(n: int) -> int:
        began.append(n)
        return n

    await asyncio.gather(*(steps.begin(LOUD, note(n)) for n in range(20)))
    assert began == list(range(20))


async def test_who_is_alone_has_a_step_in_each_round_of_the_loop(steps: Steps) -> None:
    begun = steps.several(LOUD, 50, steps=1)  # and one more each, in which it ends
    rounds = 0
    while not all(one.done() for one in begun):
        rounds += 1
        await asyncio.sleep(0)
    assert rounds <= 105


async def test_a_request_waits_in_its_tenants_line_once_that_is_known(steps: Steps) -> None:
    tenant = uuid4()

    async def find_out_and(n: int) -> int:
        ask_for(tenant)
        await asyncio.sleep(0)
        return await steps.request(LOUD, n)

    of_many_keys = [steps.begin(f"key {n}", find_out_and(3)) for n in range(50)]
    for _ in range(3):
        await asyncio.sleep(0)
    await asyncio.gather(*steps.several(QUIET, 1, steps=5))

    assert steps.taken.count(LOUD) < 20
    await asyncio.gather(*of_many_keys)


async def test_what_fails_fails_as_it_would_alone(steps: Steps) -> None:
    failing = asyncio.get_running_loop().create_future()

    async def wait() -> int:
        with pytest.raises(ConnectionError, match="gone"):
            await failing
        raise ValueError("what it raises itself")

    task = steps.begin(LOUD, wait())
    await asyncio.sleep(0)
    failing.set_exception(ConnectionError("gone"))
    with pytest.raises(ValueError, match="itself"):
        await task


async def test_one_that_is_cancelled_as_it_waits_tidies_up_and_the_others_go_on(
    steps: Steps,
) -> None:
    tidied: list[bool] = []

    async def tidy() -> int:
        try:
            return await steps.request(LOUD, 3)
        finally:
            tidied.append(True)

    before, leaving, after = (steps.begin(LOUD, tidy()) for _ in range(3))
    for _ in range(5):
        await asyncio.sleep(0)
    assert steps.taken
    leaving.cancel()
    assert [await before, await after] == [3, 3]
    assert leaving.cancelled()
    assert len(tidied) == 3


async def test_one_that_is_cancelled_before_its_first_step_takes_none(steps: Steps) -> None:
    first = steps.several(LOUD, 10, steps=1)
    last = steps.begin(LOUD, steps.request(LOUD, 1))
    await asyncio.sleep(0)
    last.cancel()
    await asyncio.gather(*first, last, return_exceptions=True)
    assert last.cancelled()
    assert len(steps.taken) == 10


async def test_who_nobody_is_known_of_waits_for_nobody(steps: Steps) -> None:
    loud = steps.several(LOUD, 100)
    nobodys = steps.several(None, 3, steps=1)
    for _ in range(4):
        await asyncio.sleep(0)
    assert [one.done() for one in nobodys] == [True] * 3
    assert steps.taken.count(LOUD) < 5
    await asyncio.gather(*loud)


def test_a_timeout_inside_ends_a_wait() -> None:
    async def bounded() -> int:
        try:
            async with asyncio.timeout(30.0):
                await asyncio.Event().wait()
        except TimeoutError:
            return 1
        return 0

    async def scene() -> int:
        return await Fairly(FairLoop(), LOUD, bounded())

    assert run_virtual(scene()) == 1
