"""How many processes wait warm, by the sessions that came of late."""

import math

import pytest

from agent.worker.reserve import (
    FIRST_GUESS_S,
    MEMORY_S,
    NOT_YET_S,
    PROCESS_MB,
    SPARED_MB,
    Reserve,
    affordable,
    most_at_once,
)


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def wanted(reserve: Reserve, n_places: int = 100, free_mb: float | None = None) -> int:
    return reserve.wanted(n_places=n_places, free_mb=free_mb)


def after(clock: Clock, seconds: float, *, came: int = 0) -> Reserve:
    """A reserve of 2 to 16, some time after so many sessions came at once."""
    reserve = Reserve(2, 16, clock)
    for _ in range(came):
        reserve.session_came()
    clock.now_s += seconds
    return reserve


@pytest.mark.parametrize(
    ("came_at", "within_s", "most"),
    [
        ([], 1.0, 0),
        ([5.0], 1.0, 1),
        ([0.0, 1.0, 2.0], 1.0, 2),
        ([0.0, 0.1, 0.2, 5.0, 9.0], 1.0, 3),
        ([0.0, 10.0, 20.0], 60.0, 3),
        ([7.0] * 5, 0.0, 5),
    ],
)
def test_the_most_that_come_within_a_stretch(
    came_at: list[float], within_s: float, most: int
) -> None:
    assert most_at_once(came_at, within_s) == most


def test_as_many_wait_as_came_at_once_within_the_last_minute() -> None:
    clock = Clock()
    reserve = after(clock, 0.0, came=8)
    told = []
    for seconds in (NOT_YET_S - 0.1, 0.1, MEMORY_S, 0.1):
        clock.now_s += seconds
        told.append(wanted(reserve))

    assert told == [2, 8, 8, 2]


def test_sessions_that_come_one_by_one_need_no_more_than_the_least() -> None:
    clock = Clock()
    reserve = Reserve(2, 16, clock)
    for _ in range(60):
        reserve.session_came()
        clock.now_s += 2 * FIRST_GUESS_S

    assert wanted(reserve) == 2


def test_the_longer_one_takes_to_be_warmed_the_more_wait() -> None:
    clock = Clock()
    reserve = Reserve(2, 16, clock)
    for _ in range(20):
        reserve.session_came()
        clock.now_s += 1.0
    told = []
    for took_s in (4.5, 7.5, *[0.25] * 8):
        reserve.begun("process")
        clock.now_s += took_s
        reserve.warmed("process")
        told.append(wanted(reserve))

    assert (told[:2], told[-1]) == ([5, 8], 2)


@pytest.mark.parametrize(("came", "n_wanted"), [(0, 2), (1, 2), (5, 5), (16, 16), (40, 16)])
def test_no_fewer_wait_than_the_least_and_no_more_than_the_most(came: int, n_wanted: int) -> None:
    assert wanted(after(Clock(), NOT_YET_S, came=came)) == n_wanted


def test_the_least_is_not_more_than_the_most() -> None:
    assert Reserve(20, 8).most == 20


@pytest.mark.parametrize(("n_places", "n_wanted"), [(0, 0), (1, 1), (5, 5), (100, 8)])
def test_none_waits_for_whom_there_is_no_place(n_places: int, n_wanted: int) -> None:
    assert wanted(after(Clock(), NOT_YET_S, came=8), n_places=n_places) == n_wanted


def test_memory_bounds_what_is_added_to_the_least_and_to_those_that_wait() -> None:
    reserve = after(Clock(), NOT_YET_S, came=8)
    told = [wanted(reserve, free_mb=free_mb) for free_mb in (0, SPARED_MB + 3 * PROCESS_MB, 1e6)]
    for process in range(4):
        reserve.warmed(process)
    told.append(wanted(reserve, free_mb=SPARED_MB + PROCESS_MB))

    assert told == [2, 3, 8, 5]


def test_who_does_not_know_how_much_memory_there_is_is_not_bounded_by_it() -> None:
    assert affordable(None) == math.inf


def test_a_process_waits_from_its_warming_until_it_is_used_or_gone() -> None:
    reserve = Reserve(2, 16)
    for process in ("a", "b", "c"):
        reserve.begun(process)
    for process in ("a", "b"):
        reserve.warmed(process)
    reserve.used("a")
    reserve.used("c")

    assert reserve.ready == {"b"}
