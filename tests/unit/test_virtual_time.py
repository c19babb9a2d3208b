"""The virtual clock itself: it jumps, and it does not hang."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tests.virtual_time import START_S, StuckError, VirtualTimeLoop, run_virtual


def test_a_minute_passes_in_no_time() -> None:
    async def sleep() -> float:
        await asyncio.sleep(60)
        return asyncio.get_running_loop().time()

    assert run_virtual(sleep()) == START_S + 60


def test_timers_go_off_in_their_order() -> None:
    async def race() -> list[int]:
        order: list[int] = []

        async def finish(number: int) -> None:
            await asyncio.sleep(number)
            order.append(number)

        await asyncio.gather(*(finish(number) for number in (3, 1, 2)))
        return order

    assert run_virtual(race()) == [1, 2, 3]


async def forever() -> None:
    await asyncio.get_running_loop().create_future()


async def in_circles() -> None:
    while True:  # noqa: ASYNC110 - the point of it
        await asyncio.sleep(0)


async def for_a_day() -> None:
    await asyncio.sleep(86_400)


@pytest.mark.parametrize("hang", [forever, in_circles, for_a_day])
def test_what_would_hang_fails(hang: Callable[[], Coroutine[Any, Any, None]]) -> None:
    with pytest.raises(StuckError):
        run_virtual(hang())


def test_errors_that_a_task_kept_to_itself_are_found() -> None:
    async def broken() -> None:
        raise ValueError

    async def main() -> None:
        task = asyncio.create_task(broken())
        await asyncio.sleep(1)
        assert task.done()
        del task

    with pytest.raises(AssertionError, match="ValueError"):
        run_virtual(main())


def test_the_loop_is_an_ordinary_one_otherwise() -> None:
    loop = VirtualTimeLoop()
    try:
        assert loop.run_until_complete(asyncio.sleep(1, "done")) == "done"
    finally:
        loop.close()
