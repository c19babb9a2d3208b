"""Who gets a pool's connections, and in which order those who wait get theirs."""

import asyncio
from collections.abc import Awaitable
from uuid import UUID, uuid4

import pytest

from core.errors import Crowded
from store.fair_share import MOST_WAITING, FairShare, ask_for

A, B, C = uuid4(), uuid4(), uuid4()


async def take(share: FairShare, whose: UUID | None) -> UUID | None:
    ask_for(whose)
    return await share.take(60.0)


async def is_served(asking: Awaitable[UUID | None]) -> bool:
    """At once, without anybody giving one back."""
    task = asyncio.ensure_future(asking)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    if not task.done():
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return False
    await task
    return True


async def n_served(share: FairShare, whose: UUID | None) -> int:
    n = 0
    while await is_served(take(share, whose)):
        n += 1
    return n


async def test_a_tenant_takes_half_the_next_half_of_the_rest_and_one_is_left() -> None:
    share = FairShare(10)
    assert [await n_served(share, one) for one in (A, B, C)] == [5, 3, 1]
    assert await n_served(share, None) == 1


async def test_who_asks_for_nobody_may_have_all() -> None:
    assert await n_served(FairShare(4), None) == 4


async def test_a_pool_of_one_serves_each() -> None:
    share = FairShare(1)
    for one in (A, None, A, B):
        assert await is_served(take(share, one))
        share.give_back(one)


async def test_those_who_wait_are_served_by_turns_of_tenants() -> None:
    share = FairShare(2)
    await share.take(60.0)
    await share.take(60.0)
    came: list[str] = []

    async def wait(whose: UUID, name: str) -> None:
        await take(share, whose)
        came.append(name)
        share.give_back(whose)

    names = [(A, "a1"), (A, "a2"), (A, "a3"), (B, "b1"), (B, "b2")]
    waiting = [asyncio.create_task(wait(*one)) for one in names]
    await asyncio.sleep(0)
    share.give_back(None)
    await asyncio.gather(*waiting)
    assert came == ["a1", "b1", "a2", "b2", "a3"]


async def test_a_place_of_one_that_left_goes_to_the_next() -> None:
    share = FairShare(1)
    await share.take(60.0)
    leaving = asyncio.create_task(take(share, A))
    staying = asyncio.create_task(take(share, B))
    await asyncio.sleep(0)

    share.give_back(None)
    leaving.cancel()

    async with asyncio.timeout(60.0):
        assert await staying == B
    assert leaving.cancelled()


async def test_who_comes_while_others_leave_is_not_forgotten() -> None:
    share = FairShare(1)
    await share.take(60.0)
    leaving = asyncio.create_task(take(share, A))
    await asyncio.sleep(0)
    leaving.cancel()
    share.give_back(None)

    assert await is_served(take(share, A))


async def test_a_wait_ends_in_time_and_leaves_no_trace() -> None:
    share = FairShare(1)
    await share.take(60.0)
    ask_for(A)
    with pytest.raises(TimeoutError):
        await share.take(0.01)
    share.give_back(None)
    assert await is_served(take(share, A))


async def test_a_tenant_of_whom_too_many_wait_is_told_so_and_no_other() -> None:
    share = FairShare(1)
    await share.take(60.0)
    waiting = [asyncio.create_task(take(share, A)) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)

    with pytest.raises(Crowded):
        await take(share, A)

    other = asyncio.create_task(take(share, B))
    await asyncio.sleep(0)
    assert not other.done()
    for one in (*waiting, other):
        one.cancel()
    await asyncio.gather(*waiting, other, return_exceptions=True)
