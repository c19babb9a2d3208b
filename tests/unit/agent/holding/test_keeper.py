"""The lease of a session: renewed while the job lives, and what it leaves behind."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from agent.holding.keeper import LEASE_S, LEAST_BEAT_S, LEAVE_TIMEOUT_S, UNRENEWED_S, Keeper
from store.holds import Belongings
from tests.unit.agent.fake_holds import SESSION, FakeHolds

ROUND_S = 0.01
"""What an answer of the database takes."""


@dataclass
class Kept:
    """A keeper, its database, and how often it said that another holds the session."""

    holds: FakeHolds
    n_replaced: int = 0
    keeper: Keeper = field(init=False)

    def __post_init__(self) -> None:
        self.keeper = Keeper(self.holds.database, SESSION, "job", on_replaced=self._replaced)

    def _replaced(self) -> None:
        self.n_replaced += 1

    def taken_by_another(self) -> None:
        self.holds.holder = "another job"


@pytest.fixture
async def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    return Kept(FakeHolds.placed(monkeypatch))


def now() -> float:
    return asyncio.get_running_loop().time()


def counting() -> Iterator[Belongings]:
    n = 0
    while True:
        n += 1
        yield Belongings({"n": n})


async def test_the_lease_is_renewed_every_second(kept: Kept) -> None:
    started = now()
    async with kept.keeper.kept():
        await asyncio.sleep(4.5)

    after = [at - started for at in kept.holds.renewed_at]
    assert after == pytest.approx([n + ROUND_S for n in range(5)])
    assert kept.holds.lease_until == pytest.approx(started + 4.0 + ROUND_S + LEASE_S)


async def test_what_cannot_wait_is_written_at_once(kept: Kept) -> None:
    async with kept.keeper.kept():
        await asyncio.sleep(0.5)
        kept.keeper.soon()
        asked = now()
        await asyncio.sleep(0.9)

    assert kept.holds.renewed_at[1:] == pytest.approx([asked + ROUND_S])


async def test_however_much_happens_there_is_a_pause_between_two_writes(kept: Kept) -> None:
    async with kept.keeper.kept():
        for _ in range(200):
            kept.keeper.soon()
            await asyncio.sleep(0.01)

    at = kept.holds.renewed_at
    assert all(later - earlier >= LEAST_BEAT_S for earlier, later in pairwise(at))
    assert len(at) == pytest.approx(2.0 / (LEAST_BEAT_S + ROUND_S), abs=2)


async def test_what_is_collected_is_left_as_it_is_at_each_beat(kept: Kept) -> None:
    async with kept.keeper.kept():
        await asyncio.sleep(0.1)
        assert kept.holds.left is None
        left = counting()
        kept.keeper.keep(lambda: next(left))
        await asyncio.sleep(2.0)

    assert kept.holds.left == Belongings({"n": 2})


async def test_from_then_on_the_same_is_remembered(kept: Kept) -> None:
    left = counting()
    kept.keeper.keep(lambda: next(left))
    kept.keeper.remember()
    async with kept.keeper.kept():
        await asyncio.sleep(3.5)
    await kept.keeper.let_go()

    assert kept.holds.left == Belongings({"n": 1})
    assert next(left) == Belongings({"n": 2})


async def test_one_who_was_replaced_is_told_once_and_writes_no_more(kept: Kept) -> None:
    async with kept.keeper.kept():
        await asyncio.sleep(0.5)
        kept.taken_by_another()
        await asyncio.sleep(0.7)
        assert kept.n_replaced == 1
        n_asked = len(kept.holds.asked_at)
        kept.keeper.soon()
        await asyncio.sleep(10.0)

    assert kept.n_replaced == 1
    assert len(kept.holds.asked_at) == n_asked


async def test_a_database_that_is_away_is_asked_again_and_ends_nothing(kept: Kept) -> None:
    async with kept.keeper.kept():
        await asyncio.sleep(0.5)
        kept.holds.is_away = True
        await asyncio.sleep(60.0)
        kept.holds.is_away = False
        back = now()
        await asyncio.sleep(1.1)

    assert len(kept.holds.asked_at) == pytest.approx(62, abs=1)
    assert kept.holds.renewed_at[-1] >= back
    assert kept.n_replaced == 0


async def test_one_whose_database_is_back_hears_that_it_was_replaced_meanwhile(kept: Kept) -> None:
    async with kept.keeper.kept():
        kept.holds.is_away = True
        await asyncio.sleep(5.0)
        kept.taken_by_another()
        kept.holds.is_away = False
        await asyncio.sleep(1.1)

    assert kept.n_replaced == 1


@pytest.fixture
async def shown(kept: Kept) -> AsyncIterator[list[tuple[float, str]]]:
    """What the room was told, and when."""
    told: list[tuple[float, str]] = []

    async def show(beats: str) -> None:
        told.append((now(), beats))

    showing = asyncio.create_task(kept.keeper.show_life(show))
    yield told
    showing.cancel()


async def test_the_room_is_told_nothing_while_the_database_answers(
    kept: Kept, shown: list[tuple[float, str]]
) -> None:
    async with kept.keeper.kept():
        await asyncio.sleep(30.0)

    assert shown == []


@pytest.mark.parametrize("fault", ["is_away", "hangs"])
async def test_the_room_sees_signs_of_life_while_the_database_does_not_answer(
    kept: Kept, shown: list[tuple[float, str]], fault: str
) -> None:
    async with kept.keeper.kept():
        await asyncio.sleep(0.5)
        renewed = kept.holds.renewed_at[-1] - ROUND_S
        setattr(kept.holds, fault, True)
        await asyncio.sleep(6.0)

    assert renewed + UNRENEWED_S <= shown[0][0] < renewed + LEASE_S
    assert [beats for _, beats in shown] == ["1", "2", "3", "4", "5"]
    moments = [at for at, _ in shown]
    assert [b - a for a, b in pairwise(moments)] == pytest.approx([1.0] * 4)


async def test_the_sign_is_taken_away_when_the_database_is_back(
    kept: Kept, shown: list[tuple[float, str]]
) -> None:
    async with kept.keeper.kept():
        kept.holds.is_away = True
        await asyncio.sleep(3.5)
        kept.holds.is_away = False
        await asyncio.sleep(5.0)

    assert [beats for _, beats in shown] == ["1", "2", "3", ""]


async def test_one_who_lets_go_leaves_all_it_remembers_to_be_claimed_at_once(kept: Kept) -> None:
    kept.keeper.keep(lambda: Belongings({"n": 1}))
    await kept.keeper.let_go()

    assert kept.holds.left == Belongings({"n": 1})
    assert kept.holds.lease_until <= now()


async def test_what_was_let_go_is_not_renewed_however_long_the_job_takes_to_leave(
    kept: Kept, shown: list[tuple[float, str]]
) -> None:
    async with kept.keeper.kept():
        await asyncio.sleep(0.5)
        await kept.keeper.let_go()
        left_at = now()
        kept.keeper.soon()
        await asyncio.sleep(10.0)
        await kept.keeper.let_go()

    assert kept.holds.lease_until <= left_at
    assert shown == []


async def test_a_renewal_that_is_on_its_way_is_no_later_than_letting_go(kept: Kept) -> None:
    async with kept.keeper.kept():
        await asyncio.sleep(ROUND_S / 2)
        await kept.keeper.let_go()

    assert kept.holds.lease_until <= now()


async def test_one_whose_rows_are_in_the_journal_leaves_time_to_write_them(kept: Kept) -> None:
    kept.keeper.keep(lambda: Belongings({"n": 1}))
    await kept.keeper.let_go(at_once=False)

    assert kept.holds.left == Belongings({"n": 1})
    assert kept.holds.lease_until == pytest.approx(now() + LEASE_S)


async def test_one_who_was_replaced_lets_nothing_go(kept: Kept) -> None:
    kept.taken_by_another()
    lease_until = kept.holds.lease_until
    await kept.keeper.let_go()

    assert kept.holds.lease_until == lease_until
    assert kept.n_replaced == 0


async def test_letting_go_takes_no_longer_than_it_may(kept: Kept) -> None:
    kept.holds.hangs = True
    started = now()
    await kept.keeper.let_go()

    assert now() - started == pytest.approx(LEAVE_TIMEOUT_S)


async def test_one_who_cannot_let_go_leaves_all_the_same(kept: Kept) -> None:
    kept.holds.is_away = True
    await kept.keeper.let_go()

    assert kept.holds.lease_until > now()


async def test_nobody_is_told_of_a_replacement_after_the_end(kept: Kept) -> None:
    async with kept.keeper.kept():
        await asyncio.sleep(0.5)
        await kept.keeper.finish()
        await asyncio.sleep(5.0)

    assert kept.holds.holder is None
    assert kept.n_replaced == 0


async def test_an_end_waits_for_no_database_longer_than_it_may(kept: Kept) -> None:
    kept.holds.hangs = True
    started = now()
    await kept.keeper.finish()

    assert now() - started == pytest.approx(LEAVE_TIMEOUT_S)


async def test_what_is_handed_over_goes_with_all_that_is_left(kept: Kept) -> None:
    kept.keeper.keep(lambda: Belongings({"n": 1}))
    kept.holds.successor = "next"

    assert await kept.keeper.hand_over("next")
    assert (kept.holds.holder, kept.holds.left) == ("next", Belongings({"n": 1}))


async def test_nothing_is_handed_over_to_one_that_did_not_announce_itself(kept: Kept) -> None:
    kept.keeper.keep(lambda: Belongings({"n": 1}))

    assert not await kept.keeper.hand_over("next")
    assert (kept.holds.holder, kept.holds.left) == ("job", None)
