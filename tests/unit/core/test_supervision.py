import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

import pytest
from prometheus_client import REGISTRY

from core.supervision import BackOff, Bears, Health, Tasks, kept_up, look_again, stop_tasks
from tests.virtual_time import START_S, run_virtual

HASTE = BackOff(first_s=1.0, longest_s=4.0, settled_s=60.0)


def now() -> float:
    return asyncio.get_running_loop().time() - START_S


def counted(task: str) -> float:
    return REGISTRY.get_sample_value("vaarta_tasks_ended_total", {"task": task}) or 0.0


def lines(caplog: pytest.LogCaptureFixture, event: str) -> list[dict[str, Any]]:
    return [vars(one) for one in caplog.records if one.getMessage() == event]


class Work:
    """Runs, one course a start: sleeps so many seconds, then breaks. Then it lasts."""

    def __init__(self, *courses_s: float, end: Callable[[], Awaitable[None]] | None = None) -> None:
        self.courses_s = list(courses_s)
        self.end = end or self.break_down
        self.started_at: list[float] = []
        self.cancelled_at: float | None = None

    async def __call__(self) -> None:
        self.started_at.append(now())
        try:
            await asyncio.sleep(self.courses_s.pop(0) if self.courses_s else 10_000)
        except asyncio.CancelledError:
            self.cancelled_at = now()
            raise
        await self.end()

    async def break_down(self) -> NoReturn:
        raise ValueError("I want a refund")


async def let_pass(work: Work, seconds: float, health: Health | None = None) -> None:
    async with kept_up("worker", work, health=health, back_off=HASTE):
        await asyncio.sleep(seconds)


def test_a_task_that_breaks_is_started_again_later_each_time() -> None:
    work = Work(0, 0, 0, 0)
    run_virtual(let_pass(work, 30))
    assert work.started_at == [0, 1, 3, 7, 11]


def test_one_that_ran_well_for_a_while_begins_with_the_shortest_wait_again() -> None:
    work = Work(0, 0, 60)
    run_virtual(let_pass(work, 100))
    assert work.started_at == [0, 1, 3, 64]


def test_its_end_is_one_line_and_one_count_without_what_the_error_says(
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = counted("worker")
    run_virtual(let_pass(Work(0), 10))
    (line,) = lines(caplog, "task.ended")
    assert (line["task"], line["error"], line["levelno"]) == ("worker", "ValueError", logging.ERROR)
    assert line["where"][-1].endswith(" break_down")
    assert not line["exc_info"]
    assert "refund" not in str(line)
    assert counted("worker") - before == 1


async def return_early() -> None:
    return


async def wait_for_a_cancelled_one() -> None:
    gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    gone.cancel()
    await gone


@pytest.mark.parametrize("end", [return_early, wait_for_a_cancelled_one])
def test_returning_and_a_cancellation_from_within_are_ends_as_well(
    end: Callable[[], Awaitable[None]],
) -> None:
    work = Work(0, end=end)
    run_virtual(let_pass(work, 10))
    assert work.started_at == [0, 1]


def test_leaving_cancels_it_waits_for_it_and_tells_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tidied: list[float] = []

    async def work() -> None:
        try:
            await asyncio.sleep(10_000)
        finally:
            await asyncio.sleep(2)
            tidied.append(now())

    async def main() -> float:
        async with kept_up("worker", work):
            await asyncio.sleep(1)
        return now()

    assert run_virtual(main()) == 3
    assert tidied == [3]
    assert not caplog.records


def test_leaving_while_it_waits_to_be_started_again_starts_nothing() -> None:
    work = Work(0, 0)

    async def main() -> None:
        await let_pass(work, 2)
        await asyncio.sleep(60)

    run_virtual(main())
    assert work.started_at == [0, 1]


async def hang() -> None:
    """Takes a cancellation for something else, over and over."""
    while True:
        try:
            await asyncio.sleep(10_000)
        except asyncio.CancelledError:
            if now() > 100:
                raise


def test_what_does_not_end_in_time_is_named_and_left(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> float:
        async with kept_up("stubborn", hang, stop_s=5):
            await asyncio.sleep(1)
        left_at = now()
        await asyncio.sleep(100)
        return left_at

    assert run_virtual(main()) == 6
    assert [line["task"] for line in lines(caplog, "task.hung")] == ["stubborn"]


def test_an_error_while_it_stops_is_told(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        try:
            await asyncio.sleep(10_000)
        finally:
            raise ValueError

    async def main() -> None:
        async with kept_up("worker", work):
            await asyncio.sleep(1)

    run_virtual(main())
    assert [line["error"] for line in lines(caplog, "task.ended")] == ["ValueError"]


def test_the_owner_s_own_cancellation_is_not_swallowed() -> None:
    work = Work()

    async def main() -> None:
        owner = asyncio.create_task(let_pass(work, 10_000))
        await asyncio.sleep(1)
        owner.cancel()
        await asyncio.wait([owner])
        assert owner.cancelled()

    run_virtual(main())
    assert work.cancelled_at == 1


def test_health_names_a_task_from_its_end_until_it_has_run_well_again() -> None:
    health = Health()

    async def main() -> list[float]:
        down_at = []
        async with kept_up("worker", Work(1, 0), health=health, back_off=HASTE):
            await asyncio.sleep(0.25)
            for _ in range(16):
                if health.down:
                    down_at.append(now())
                await asyncio.sleep(0.5)
        return down_at

    # Ends at 1, starts at 2 and ends, starts at 4 and lasts: as long as its wait was, at 6.
    down_at = run_virtual(main())
    assert (down_at[0], down_at[-1], len(down_at)) == (1.25, 5.75, 10)


def test_health_forgets_a_task_whose_owner_is_gone() -> None:
    health = Health()
    run_virtual(let_pass(Work(0, 0), 2, health))
    assert not health.down


Lost = list[tuple[str, str | None]]


def collect(lost: Lost) -> Callable[[str, BaseException | None], None]:
    return lambda name, error: lost.append((name, type(error).__name__ if error else None))


def test_what_a_broken_task_belongs_to_is_told(caplog: pytest.LogCaptureFixture) -> None:
    lost: Lost = []

    async def main() -> None:
        async with Tasks.owned(collect(lost)) as tasks:
            tasks.start("broken", Work(1)())
            tasks.start("short", Work(1, end=return_early)(), is_lasting=True)
            await asyncio.sleep(2)

    run_virtual(main())
    assert lost == [("broken", "ValueError"), ("short", None)]
    assert [line["task"] for line in lines(caplog, "task.ended")] == ["broken", "short"]


def test_a_task_that_may_return_or_was_cancelled_by_its_owner_ended_as_it_should(
    caplog: pytest.LogCaptureFixture,
) -> None:
    lost: Lost = []

    async def main() -> None:
        async with Tasks.owned(collect(lost)) as tasks:
            tasks.start("done", Work(1, end=return_early)())
            dropped = tasks.start("dropped", Work()(), is_lasting=True)
            await asyncio.sleep(2)
            dropped.cancel()
            await asyncio.sleep(1)

    run_virtual(main())
    assert not lost
    assert not caplog.records


def test_a_cancellation_from_within_loses_what_the_task_belongs_to() -> None:
    lost: Lost = []

    async def main() -> None:
        async with Tasks.owned(collect(lost)) as tasks:
            tasks.start("reader", wait_for_a_cancelled_one())
            await asyncio.sleep(1)

    run_virtual(main())
    assert lost == [("reader", "CancelledError")]


def test_leaving_stops_all_that_is_left_and_what_is_started_too_late() -> None:
    lost: Lost = []
    works = [Work(), Work()]
    late = Work()

    async def main() -> None:
        async with Tasks.owned(collect(lost)) as tasks:
            for work in works:
                tasks.start("work", work(), is_lasting=True)
            await asyncio.sleep(1)
        await asyncio.wait([tasks.start("late", late())])

    run_virtual(main())
    assert [work.cancelled_at for work in works] == [1, 1]
    assert not late.started_at
    assert not lost


def test_nothing_to_stop_is_no_wait() -> None:
    run_virtual(stop_tasks([]))


def test_a_look_that_fails_as_it_may_is_told_and_the_next_one_comes_after_the_rest(
    caplog: pytest.LogCaptureFixture,
) -> None:
    looked_at: list[float] = []

    async def look() -> None:
        looked_at.append(now())
        if len(looked_at) == 2:
            raise ConnectionError("away")
        if len(looked_at) == 4:
            raise ValueError("a fault")

    async def scenario() -> None:
        bears = Bears(ConnectionError, logging.getLogger("looking"), "look.failed")
        await look_again("looking", look, 5.0, bears)

    with pytest.raises(ValueError, match="a fault"):
        run_virtual(scenario())

    assert looked_at == [0.0, 5.0, 10.0, 15.0]
    assert [one["reason"] for one in lines(caplog, "look.failed")] == ["away"]


def test_only_a_look_that_ended_well_is_noted() -> None:
    async def look() -> None:
        raise ConnectionError

    async def scenario() -> None:
        bears = Bears(ConnectionError, logging.getLogger("looking"), "look.failed")
        async with asyncio.timeout(60.0):
            await look_again("never-well", look, 5.0, bears)

    with pytest.raises(TimeoutError):
        run_virtual(scenario())

    labels = {"task": "never-well"}
    assert REGISTRY.get_sample_value("vaarta_task_last_look_timestamp_seconds", labels) is None
