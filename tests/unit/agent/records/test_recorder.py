"""What becomes of a session's rows while the database comes and goes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast
from uuid import UUID, uuid4

import pytest

from agent.records.journal import Journal
from agent.records.recorder import Listeners, Recorder
from agent.records.row_queue import LAST_ROWS_S, LATE_S, WAITING_ROWS
from agent.records.rows import ChargesRow, EndRow, Mandate, Row, RowWriter, TurnRow, Written
from agent.records.till import Till
from core.errors import ConflictError, StaleError, StoreUnavailable
from core.metrics import ROWS_LOST
from pipeline.events import TurnEnded
from pipeline.timeline import Latencies, Moments
from store.ledger import Charge, Service
from store.records import EndReason, SessionId, Substitution, TurnRecord

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


class Shelf(Journal):
    """Stands for the journal: what is kept in it right now, and all that ever was."""

    def __init__(self) -> None:
        self.has_room = True
        self.rows: list[Row] = []
        self.kept_at: list[float] = []
        self.is_closed = False

    async def keep(self, rows: Sequence[Row]) -> Sequence[Row]:
        await asyncio.sleep(0.005)
        if not self.has_room:
            return ()
        self.rows += rows
        self.kept_at += [asyncio.get_running_loop().time()] * len(rows)
        return rows

    async def clear(self) -> None:
        self.rows.clear()

    def close(self) -> None:
        self.is_closed = True


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


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@asynccontextmanager
async def opened(
    store: Store,
    told: Told,
    charges: int = 0,
    shelf: Shelf | None = None,
    *,
    keeps_words: bool = True,
) -> AsyncIterator[Recorder]:
    listeners = Listeners(told.stored.append, told.exhausted, told.stale)
    till = cast(Till, FixedTill(charges))
    journal = shelf or Journal(None, Mandate(SessionId(UUID(int=7)), 1))
    async with Recorder.opened(
        store, journal, till, listeners, keeps_words=keeps_words
    ) as recorder:
        yield recorder


def turn(index: int) -> TurnEnded:
    name = str(UUID(int=index))
    return TurnEnded(name, index, "Tea?", "Yes.", False, UNMEASURED, NOWHEN, "en-IN", 0, 0, 0, 0)


def n_lost(kind: str) -> float:
    return ROWS_LOST.labels(kind)._value.get()  # type: ignore[no-any-return]


async def test_no_words_come_to_rows_and_journal_where_none_are_kept(
    store: Store, shelf: Shelf, told: Told
) -> None:
    async with opened(store, told, shelf=shelf, keeps_words=False) as recorder:
        recorder.record(turn(0))
        assert await recorder.flush()
        store.is_away = True
        recorder.record(turn(1))

    turns = [row.turn for row in (*store.rows, *shelf.rows) if isinstance(row, TurnRow)]
    assert [one.turn_index for one in turns] == [0, 1]
    assert {one.user_transcript + one.agent_response for one in turns} == {""}


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


async def test_what_waits_for_long_is_kept_until_it_is_written(
    store: Store, told: Told, shelf: Shelf
) -> None:
    store.is_away = True
    async with opened(store, told, shelf=shelf) as recorder:
        recorder.record(turn(0))
        said_at = asyncio.get_running_loop().time()
        await asyncio.sleep(10)
        recorder.record(turn(1))
        await asyncio.sleep(0.1)

        assert len(shelf.rows) == 2
        assert shelf.kept_at[0] - said_at == pytest.approx(LATE_S, abs=0.1)
        store.is_away = False
        await asyncio.sleep(2)
        assert shelf.rows == []

    assert store.indexes == [0, 1]


async def test_what_is_written_in_time_is_not_kept(store: Store, told: Told, shelf: Shelf) -> None:
    async with opened(store, told, shelf=shelf) as recorder:
        for index in range(5):
            recorder.record(turn(index))
            await asyncio.sleep(2)

    assert shelf.kept_at == []


async def test_a_session_that_ends_while_postgres_is_away_leaves_its_rows_in_the_journal(
    store: Store, told: Told, shelf: Shelf
) -> None:
    store.is_away = True
    before = n_lost("end")
    async with opened(store, told, shelf=shelf) as recorder:
        recorder.record(turn(0))
        await asyncio.sleep(30)
        recorder.end(EndReason.CALLER_HANGUP)
        ended_at = asyncio.get_running_loop().time()
        assert not await recorder.flush()

    assert asyncio.get_running_loop().time() - ended_at < LATE_S
    assert [type(row) for row in shelf.rows] == [TurnRow, EndRow]
    assert shelf.is_closed
    assert n_lost("end") == before


async def test_a_write_that_hangs_is_kept_as_well(store: Store, told: Told, shelf: Shelf) -> None:
    async def hang(row: Row) -> Written:
        await asyncio.sleep(300)
        raise AssertionError(row)

    store.write = hang  # type: ignore[method-assign]
    async with opened(store, told, shelf=shelf) as recorder:
        recorder.end(EndReason.CALLER_HANGUP)

    assert [type(row) for row in shelf.rows] == [EndRow]


async def test_one_that_is_put_out_keeps_its_rows_in_the_last_moment(
    store: Store, told: Told, shelf: Shelf
) -> None:
    store.is_away = True

    async def hold() -> None:
        async with opened(store, told, shelf=shelf) as recorder:
            recorder.record(turn(0))
            await asyncio.sleep(60)

    holding = asyncio.create_task(hold())
    await asyncio.sleep(0.1)
    holding.cancel()
    await asyncio.sleep(0.1)
    holding.cancel()
    await asyncio.wait([holding])

    assert [type(row) for row in shelf.rows] == [TurnRow]


async def test_a_journal_without_room_leaves_rows_waiting_in_memory(
    store: Store, told: Told, shelf: Shelf
) -> None:
    store.is_away, shelf.has_room = True, False
    async with opened(store, told, shelf=shelf) as recorder:
        recorder.record(turn(0))
        await asyncio.sleep(30)
        store.is_away = False

    assert store.indexes == [0]


async def test_one_that_was_replaced_leaves_nothing_to_be_replayed(
    store: Store, told: Told, shelf: Shelf
) -> None:
    store.is_away = True
    async with opened(store, told, shelf=shelf) as recorder:
        recorder.record(turn(0))
        await asyncio.sleep(5)
        store.is_away, store.answers = False, [StaleError("another epoch")]
        await asyncio.sleep(2)

    assert (shelf.rows, shelf.is_closed) == ([], True)
