"""Creates that wait for a place."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from control_api.sessions.queue import LOOK_S, Queue
from core.setting_groups import AdmissionSettings
from store.admission import Decision, Verdict

FULL = Decision(Verdict.FLEET, 1, 60.0, Decimal(5), None)
PLACED = replace(FULL, verdict=Verdict.ADMITTED)
RATE = replace(FULL, verdict=Verdict.RATE)


def queue(wait_s: float = 2.0, waiters: int = 100) -> Queue:
    return Queue(AdmissionSettings(wait_s=wait_s, waiters=waiters))


class Fleet:
    """Has places from given moments on, seconds from its making."""

    def __init__(self, *free_after_s: float) -> None:
        self._made_at = asyncio.get_running_loop().time()
        self._free = sorted(free_after_s)
        self.asked = 0
        self.placed: list[int] = []

    def ask(self, who: int = 0) -> Callable[[], Awaitable[Decision]]:
        async def ask() -> Decision:
            self.asked += 1
            if not self._free or self._free[0] > self.elapsed_s:
                return FULL
            del self._free[0]
            self.placed.append(who)
            return PLACED

        return ask

    @property
    def elapsed_s(self) -> float:
        return asyncio.get_running_loop().time() - self._made_at


async def results(waiting: Sequence[Awaitable[Decision]]) -> list[Verdict]:
    return [one.verdict for one in await asyncio.gather(*waiting)]


async def test_a_create_gets_the_place_that_comes_free_while_it_waits() -> None:
    fleet = Fleet(1.0)

    decision = await queue().wait(FULL, fleet.ask())

    assert decision is PLACED
    assert 1.0 <= fleet.elapsed_s <= 1.0 + 2 * LOOK_S


async def test_it_is_refused_once_its_time_is_over() -> None:
    fleet = Fleet(2.5)

    decision = await queue().wait(FULL, fleet.ask())

    assert decision.verdict is Verdict.FLEET
    assert fleet.elapsed_s <= 2.0


async def test_whoever_came_first_has_the_first_place_and_only_one_asks() -> None:
    fleet, waiting = Fleet(0.5, 0.5, 1.5), queue()

    verdicts = await results([waiting.wait(FULL, fleet.ask(who)) for who in range(5)])

    assert fleet.placed == [0, 1, 2]
    assert verdicts == [Verdict.ADMITTED] * 3 + [Verdict.FLEET] * 2
    assert fleet.asked <= 2.0 / LOOK_S


@pytest.mark.parametrize("refused", [RATE, PLACED])
async def test_nobody_waits_for_what_is_no_place(refused: Decision) -> None:
    fleet = Fleet(0.0)

    assert await queue().wait(refused, fleet.ask()) is refused
    assert fleet.elapsed_s == 0


async def test_without_time_to_wait_it_is_refused_at_once() -> None:
    fleet = Fleet(0.0)

    assert await queue(wait_s=0.0).wait(FULL, fleet.ask()) is FULL
    assert (fleet.asked, fleet.elapsed_s) == (0, 0)


async def test_no_more_wait_than_may() -> None:
    fleet, waiting = Fleet(1.0, 1.0, 1.0), queue(waiters=2)

    verdicts = await results([waiting.wait(FULL, fleet.ask(who)) for who in range(3)])

    assert verdicts == [Verdict.ADMITTED, Verdict.ADMITTED, Verdict.FLEET]
    assert (await waiting.wait(FULL, fleet.ask())).verdict is Verdict.ADMITTED


async def test_one_that_asks_is_not_cut_short_at_its_deadline() -> None:
    async def slow() -> Decision:
        await asyncio.sleep(10)
        return PLACED

    assert await queue().wait(FULL, slow) is PLACED


async def test_what_fails_while_it_waits_lets_the_next_one_ask() -> None:
    fleet, waiting = Fleet(0.0), queue()

    async def fail() -> Decision:
        raise RuntimeError

    outcomes = await asyncio.gather(
        waiting.wait(FULL, fail), waiting.wait(FULL, fleet.ask()), return_exceptions=True
    )

    assert isinstance(outcomes[0], RuntimeError)
    assert outcomes[1] is PLACED
