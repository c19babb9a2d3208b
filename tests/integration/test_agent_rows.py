"""A session's rows in a real Postgres: written under the job's epoch, or not at all."""

import asyncio
from decimal import Decimal
from uuid import uuid4

import pytest

from agent.holding.session_row import is_over
from agent.records.rows import ChargesRow, EndRow, Row, RowWriter, TurnRow
from agent.records.till import Till
from core.catalog import Catalog
from core.errors import StaleError
from pipeline.metering import Meter
from store.ledger import Charge, LedgerRepository, Service
from store.pool import Database
from store.records import (
    EndReason,
    NewTurn,
    SessionId,
    SessionStatus,
    Substitution,
    TurnId,
)
from store.turns import TurnRepository
from tests.integration.rows import held, new_session, session, spent

USED = Charge(service=Service.LLM, model="gpt", credits=Decimal("0.5"), output_tokens=10)
TURN = NewTurn(id=TurnId(uuid4()), turn_index=0, user_transcript="When?", agent_response="At nine.")
OTHER_VOICE = Substitution("voice", "shreya", "anushka", "the provider refuses shreya")


@pytest.fixture
async def session_id(database: Database) -> SessionId:
    return await new_session(database)


def over(reason: EndReason, ago_s: float = 0.0) -> EndRow:
    return EndRow(reason, asyncio.get_running_loop().time() - ago_s)


async def test_rows_that_are_written_twice_count_once(
    database: Database, session_id: SessionId
) -> None:
    writer = RowWriter(database, await held(database, session_id))
    for row in (TurnRow(TURN, [USED]), OTHER_VOICE, ChargesRow([USED])):
        await writer.write(row)
        await writer.write(row)

    kept = await session(database, session_id)
    async with database.connection() as connection:
        (item,) = await LedgerRepository(connection).cost(session_id)
    assert (kept.turn_count, len(kept.config["substitutions"])) == (1, 1)
    assert item.credits == Decimal("0.5")


async def test_an_end_tells_its_own_moment_however_late_it_is_written(
    database: Database, session_id: SessionId
) -> None:
    mandate = await held(database, session_id)
    async with database.connection() as connection:
        await connection.execute(
            "UPDATE sessions SET started_at = now() - interval '1 h' WHERE id = $1", session_id
        )

    written = await RowWriter(database, mandate).write(over(EndReason.CALLER_HANGUP, ago_s=600))

    ended = await session(database, session_id)
    assert written.has_ended
    assert ended.duration_s == pytest.approx(3000, abs=60)


async def test_a_session_is_over_once_anybody_has_ended_it(
    database: Database, session_id: SessionId
) -> None:
    writer = RowWriter(database, await held(database, session_id))
    before = await is_over(database, session_id)
    await writer.write(over(EndReason.API_DELETE))

    assert (before, await is_over(database, session_id)) == (False, True)
    assert await is_over(database, SessionId(uuid4()))


async def test_the_first_end_stays(database: Database, session_id: SessionId) -> None:
    writer = RowWriter(database, await held(database, session_id))

    assert (await writer.write(over(EndReason.NO_INPUT))).has_ended
    assert not (await writer.write(over(EndReason.AGENT_ERROR))).has_ended
    assert (await session(database, session_id)).end_reason is EndReason.NO_INPUT


@pytest.mark.parametrize("row", [TurnRow(TURN, [USED]), ChargesRow([USED]), OTHER_VOICE])
async def test_one_that_was_replaced_can_write_nothing(
    database: Database, session_id: SessionId, row: Row
) -> None:
    first = await held(database, session_id)
    await held(database, session_id, "another job")

    with pytest.raises(StaleError):
        await RowWriter(database, first).write(row)

    async with database.connection() as connection:
        assert await TurnRepository(connection).list_turns(session_id) == []
        assert await LedgerRepository(connection).cost(session_id) == []


async def test_one_that_was_replaced_ends_nothing(
    database: Database, session_id: SessionId
) -> None:
    first = await held(database, session_id)
    await held(database, session_id, "another job")

    assert not (await RowWriter(database, first).write(over(EndReason.AGENT_ERROR))).has_ended
    assert (await session(database, session_id)).status is SessionStatus.ACTIVE


async def test_what_a_successor_charges_of_what_was_left_is_charged_once(
    database: Database, session_id: SessionId
) -> None:
    config = {"llm_model": "kimi-k2.5", "stt_model": "saaras:v3", "tts_model": "bulbul:v2"}
    till = Till(Meter(), Catalog.load(), config)
    till.meter.add_text(1_000 * "x")
    first = await held(database, session_id)
    left = till.peek()
    await RowWriter(database, first).write(ChargesRow(till.take()))
    till.meter.add_text(1_000 * "x")
    late = till.take()

    second = RowWriter(database, await held(database, session_id, "another job"))
    await second.write(ChargesRow(left))
    with pytest.raises(StaleError):
        await RowWriter(database, first).write(ChargesRow(late))
    await second.write(ChargesRow(late))
    await second.write(ChargesRow(late))

    assert await spent(database, session_id) == Decimal(3)
