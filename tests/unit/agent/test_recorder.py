"""What becomes of a session's rows while the database comes and goes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast
from uuid import UUID, uuid4

import pytest

from agent.recorder import LAST_ROWS_S, WAITING_ROWS, Listeners, Recorder
from agent.rows import ChargesRow, EndRow, Row, RowWriter, TurnRow, Written
from agent.till import Till
from core.errors import ConflictError, StaleError, StoreUnavailable
from core.metrics import ROWS_LOST
from pipeline.events import TurnEnded
from pipeline.timeline import Latencies, Moments
from store.ledger import Charge, Service
from store.records import EndReason, Substitution, TurnRecord

UNMEASURED = Latencies(None, None, None, None, None, None)
NOWHEN = Moments(None, None, None)
OTHER_VOICE = Substitution("voice", "shreya", "anushka", "the provider refuses shreya")


class Store(RowWriter):
    """Stands for the database: what was written, and what it says to the next writes."""

    def __init__(self) -> None:
        self.is_away = False
        self.answers: list[Exception] = []
        self.rows: list[Row] = []
        self.written_at: list[float] = []
        self.has_funds = True

    async def write(self, row: Row) -> Written:
        await asyncio.sleep(0.01)
        if self.is_away:
            raise StoreUnavailable("away")
        if self.answers:
            raise self.answers.pop(0)
        self.rows.append(row)
        self.written_at.append(asyncio.get_running_loop().time())
        return Written(None, has_funds=self.has_funds)

    @property
    def indexes(self) -> list[int]:
        return [row.turn.turn_index for row in self.rows if isinstance(row, TurnRow)]


@dataclass
class OneModel:
    id: str = "gpt"


@dataclass
class FixedTill:
    """Charges one credit whenever it is asked, up to `left` times."""

    left: int = 0
    model: OneModel = field(default_factory=OneModel)

    def take(self) -> Sequence[Charge]:
        if not self.left:
            return ()
        self.left -= 1
        return (Charge(service=Service.LLM, model="gpt", credits=Decimal(1), id=uuid4()),)


@dataclass
class Told:
    stored: list[TurnRecord] = field(default_factory=list)
    n_exhausted: int = 0
    n_stale: int = 0

    def exhausted(self) -> None:
        self.n_exhausted += 1

    def stale(self) -> None:
        self.n_stale += 1


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def told() -> Told:
    return Told()


@asynccontextmanager
async def opened(store: Store, told: Told, charges: int = 0) -> AsyncIterator[Recorder]:
    listeners = Listeners(told.stored.append, told.exhausted, told.stale)
    till = cast(Till, FixedTill(charges))
    async with Recorder.opened(store, till, listeners) as recorder:
        yield recorder


def turn(index: int) -> TurnEnded:
    name = str(UUID(int=index))
    return TurnEnded(name, index, "Tea?", "Yes.", False, UNMEASURED, NOWHEN, "en-IN", 0, 0, 0, 0)


def n_lost(kind: str) -> float:
    return ROWS_LOST.labels(kind)._value.get()  # type: ignore[no-any-return]


async def test_the_end_comes_behind_all_that_was_said_and_used(store: Store, told: Told) -> None:
    async with opened(store, told, charges=3) as recorder:
        recorder.record(turn(0))
        recorder.record_substitution(OTHER_VOICE)
        recorder.record(turn(1))
        recorder.end(EndReason.CALLER_HANGUP)
        assert await recorder.flush()

    kinds = [type(row) for row in store.rows]
    assert kinds == [TurnRow, Substitution, TurnRow, ChargesRow, EndRow]


async def test_an_end_that_postgres_was_away_for_is_written_with_its_own_moment(
    store: Store, told: Told
) -> None:
    store.is_away = True
    started = asyncio.get_running_loop().time()
    async with opened(store, told) as recorder:
        recorder.end(EndReason.CALLER_HANGUP, ended_s_ago=20.0)
        await asyncio.sleep(4)
        store.is_away = False

    assert store.rows == [EndRow(EndReason.CALLER_HANGUP, started - 20.0)]


async def test_the_first_end_counts(store: Store, told: Told) -> None:
    async with opened(store, told) as recorder:
        recorder.end(EndReason.NO_INPUT)
        recorder.end(EndReason.AGENT_ERROR)

    assert [row.reason for row in store.rows if isinstance(row, EndRow)] == [EndReason.NO_INPUT]


async def test_one_unexpected_error_does_not_cost_the_turns_behind_it(
    store: Store, told: Told
) -> None:
    store.answers = [RuntimeError("deadlock detected")]
    before = n_lost("turn")
    async with opened(store, told) as recorder:
        for index in range(6):
            recorder.record(turn(index))

    assert store.indexes == [1, 2, 3, 4, 5]
    assert n_lost("turn") == before + 1


async def test_a_refused_row_costs_only_itself(store: Store, told: Told) -> None:
    store.answers = [ConflictError("turns_index_unique")]
    async with opened(store, told) as recorder:
        recorder.record(turn(0))
        recorder.record(turn(1))
        recorder.end(EndReason.AGENT_CLOSED)

    assert store.indexes == [1]
    assert isinstance(store.rows[-1], EndRow)


async def test_turns_wait_for_the_database_and_keep_their_order(store: Store, told: Told) -> None:
    store.is_away = True
    async with opened(store, told) as recorder:
        for index in range(4):
            recorder.record(turn(index))
            await asyncio.sleep(15)
        back_at = asyncio.get_running_loop().time()
        store.is_away = False
        assert await recorder.flush()

    assert store.indexes == [0, 1, 2, 3]
    assert store.written_at[0] - back_at <= 1.1


async def test_a_turn_is_written_within_a_second(store: Store, told: Told) -> None:
    async with opened(store, told) as recorder:
        recorder.record(turn(0))
        said_at = asyncio.get_running_loop().time()
        await asyncio.sleep(5)

        assert store.written_at[0] - said_at < 1.0


async def test_one_that_was_replaced_writes_nothing_more_and_says_so_once(
    store: Store, told: Told
) -> None:
    store.answers = [StaleError("another epoch")]
    before = n_lost("turn")
    async with opened(store, told) as recorder:
        for index in range(3):
            recorder.record(turn(index))
        await asyncio.sleep(1)
        recorder.end(EndReason.AGENT_ERROR)
        assert not await recorder.flush()

    assert store.rows == []
    assert told.n_stale == 1
    assert n_lost("turn") == before + 3


async def test_what_waits_is_bounded_but_the_end_always_waits(store: Store, told: Told) -> None:
    store.is_away = True
    before = n_lost("turn")
    async with opened(store, told) as recorder:
        for index in range(WAITING_ROWS + 5):
            recorder.record(turn(index))
        recorder.end(EndReason.AGENT_CLOSED)
        await asyncio.sleep(3)
        store.is_away = False
        await asyncio.sleep(60)

    assert n_lost("turn") == before + 5
    assert isinstance(store.rows[-1], EndRow)


async def test_leaving_does_not_wait_for_ever(store: Store, told: Told) -> None:
    store.is_away = True
    before = n_lost("end")
    started = asyncio.get_running_loop().time()
    async with opened(store, told) as recorder:
        recorder.end(EndReason.AGENT_CLOSED)
        assert not await recorder.flush()

    assert asyncio.get_running_loop().time() - started == pytest.approx(LAST_ROWS_S)
    assert n_lost("end") == before + 1


async def test_exhausted_credits_are_told(store: Store, told: Told) -> None:
    store.has_funds = False
    async with opened(store, told) as recorder:
        recorder.record(turn(0))

    assert told.n_exhausted == 1
