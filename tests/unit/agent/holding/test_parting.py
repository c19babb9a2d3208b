"""How a job parts from its session: the first way and the first reason count."""

import asyncio

import pytest

from agent.holding.parting import Parting, Way
from store.records import EndReason


class Elsewhere:
    """How often it was told that the session goes on there."""

    def __init__(self) -> None:
        self.n = 0

    def told(self) -> None:
        self.n += 1


@pytest.fixture
def elsewhere() -> Elsewhere:
    return Elsewhere()


@pytest.fixture
async def parting(elsewhere: Elsewhere) -> Parting:
    return Parting(elsewhere.told)


async def test_the_first_reason_of_an_end_counts(parting: Parting, elsewhere: Elsewhere) -> None:
    parting.stop(EndReason.CALLER_HANGUP)
    parting.stop(EndReason.AGENT_ERROR)
    parting.part(Way.LET_GO)
    await parting.come()

    assert (parting.way, parting.end_reason) == (Way.OVER, EndReason.CALLER_HANGUP)
    assert elsewhere.n == 0


@pytest.mark.parametrize("way", [Way.LET_GO, Way.REPLACED])
async def test_one_who_left_it_to_another_ends_nothing(
    parting: Parting, elsewhere: Elsewhere, way: Way
) -> None:
    parting.part(way)
    parting.stop(EndReason.AGENT_ERROR)
    parting.part(way)
    await parting.come()

    assert (parting.way, parting.end_reason, elsewhere.n) == (way, None, 1)


@pytest.mark.parametrize("has_met", [False, True])
async def test_one_whose_caller_has_not_come_has_nothing_to_let_go_of(has_met: bool) -> None:
    elsewhere = Elsewhere()
    parting = Parting(elsewhere.told, has_met=False)
    parting.has_met = has_met
    parting.part(Way.LET_GO)

    assert (parting.way, elsewhere.n) == (Way.LET_GO if has_met else Way.UNMET, 1)


async def test_the_time_in_which_a_caller_might_have_come_back_is_not_the_sessions(
    parting: Parting,
) -> None:
    parting.left_at = asyncio.get_running_loop().time()
    await asyncio.sleep(20.0)
    assert parting.over_for_s == 0.0
    parting.stop(EndReason.CALLER_HANGUP)

    assert parting.over_for_s == pytest.approx(20.0)
