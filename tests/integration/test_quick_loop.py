"""The loop of a job, in real time: what asyncio's own holds to, this one does too."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from types import SimpleNamespace

import pytest

from core.quick_loop import QuickLoop

WAITS_S = (0.0002, 0.0011, 0.0026, 0.0049)

Wait = Callable[[float], Coroutine[None, None, None]]


def run(work: Coroutine[None, None, None]) -> None:
    with asyncio.Runner(loop_factory=QuickLoop) as runner:
        runner.run(work)


async def until(delay_s: float) -> None:
    loop = asyncio.get_running_loop()
    over = loop.create_future()
    loop.call_at(loop.time() + delay_s, over.set_result, None)
    await over


async def timeout(delay_s: float) -> None:
    try:
        async with asyncio.timeout(delay_s):
            await asyncio.Event().wait()
    except TimeoutError:
        return


@pytest.mark.parametrize("apart_s", [0.0, -1000.0, 1000.0])
@pytest.mark.parametrize("wait", [asyncio.sleep, until, timeout])
def test_no_wait_ends_before_its_time_whatever_libuv_goes_by(
    wait: Wait, apart_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + apart_s)
    monkeypatch.setattr("core.quick_loop.time", clock)

    async def measure() -> None:
        for wait_s in WAITS_S * 5:
            began_at = time.monotonic()
            await wait(wait_s)
            assert time.monotonic() - began_at >= wait_s

    run(measure())


def test_its_time_is_the_clocks_and_no_coarser() -> None:
    async def look() -> None:
        loop = asyncio.get_running_loop()
        before, at, after = time.monotonic(), loop.time(), time.monotonic()
        assert before <= at <= after

    run(look())


def test_what_needs_no_wait_gets_none_and_for_ever_is_for_ever() -> None:
    async def look() -> None:
        loop = asyncio.get_running_loop()
        order: list[str] = []
        loop.call_later(float("inf"), order.append, "never")
        loop.call_later(0.05, order.append, "later")
        loop.call_later(0, order.append, "at once")
        loop.call_at(loop.time() - 1.0, order.append, "overdue")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert order == ["at once", "overdue"]

    run(look())
