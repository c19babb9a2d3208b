"""A worker's parent tells its jobs of what concerns them all."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from agent.signs import Signs

T = TypeVar("T")


async def at_once(work: Callable[[], T]) -> T:
    return work()


@pytest.fixture(autouse=True)
def no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Virtual time does not wait for them."""
    monkeypatch.setattr("asyncio.to_thread", at_once)


async def test_jobs_wait_until_the_sign_is_shown(tmp_path: Path) -> None:
    waiting = [asyncio.create_task(Signs(tmp_path).draining.seen()) for _ in range(2)]
    await asyncio.sleep(10.0)
    assert not any(task.done() for task in waiting)

    Signs(tmp_path).draining.show()

    await asyncio.gather(*waiting)


async def test_a_job_that_begins_later_sees_it_at_once(tmp_path: Path) -> None:
    sign = Signs(tmp_path).draining
    sign.show()
    sign.show()
    started = asyncio.get_running_loop().time()
    await sign.seen()

    assert asyncio.get_running_loop().time() == started


async def test_a_sign_that_was_hidden_is_not_seen(tmp_path: Path) -> None:
    sign = Signs(tmp_path).cut_off
    sign.show()
    sign.hide()
    sign.hide()
    waiting = asyncio.create_task(sign.seen())
    await asyncio.sleep(10.0)

    assert not waiting.done()
    waiting.cancel()


async def test_neither_another_sign_nor_another_worker_s_is_taken_for_it(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    Signs(tmp_path).cut_off.show()
    Signs(other).draining.show()
    waiting = asyncio.create_task(Signs(tmp_path).draining.seen())
    await asyncio.sleep(10.0)

    assert not waiting.done()
    waiting.cancel()
