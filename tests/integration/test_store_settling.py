"""What holders that are gone left of sessions that are over, in a real Postgres."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from agent.records.rows import EndRow, Mandate, RowWriter, TurnRow
from store.holds import Belongings, HoldRepository
from store.ledger import Charge, Service
from store.pool import Database
from store.records import EndReason, NewTurn, SessionId, TurnId, TurnRecord
from store.sessions import SessionRepository
from store.settling import SettlingRepository
from store.turns import TurnRepository
from tests.integration.rows import held, new_session, spent

OPEN_TURN = NewTurn(
    id=TurnId(uuid4()),
    turn_index=0,
    user_transcript="When do you open?",
    agent_response="At",
    interrupted=True,
)
HEARD = Charge(
    service=Service.STT, model="saaras:v4", credits=Decimal("0.02"), audio_seconds=Decimal("1.5")
)


@pytest.fixture
async def mandate(database: Database) -> Mandate:
    """Of a job that left an open turn and a charge, and is gone."""
    mandate = await held(database, await new_session(database))
    left = Belongings({"turn_index": 1}, replace(OPEN_TURN, id=TurnId(uuid4())), (HEARD,))
    async with database.connection() as connection:
        holds = HoldRepository(connection)
        assert await holds.renew(mandate.session_id, "job", lease_s=5.0, left=left)
    return mandate


async def ended(database: Database, session_id: SessionId, *, ago_s: float, lease_s: float) -> None:
    """End it as the reaper does; the lease runs out in so many seconds, below 0 before now."""
    async with database.connection() as connection:
        await SessionRepository(connection).end_session(session_id, EndReason.AGENT_ERROR)
        await connection.execute(
            "UPDATE sessions SET started_at = now() - interval '1 h',"
            " ended_at = now() - $2 * interval '1 s' WHERE id = $1",
            session_id,
            ago_s,
        )
        await connection.execute(
            "UPDATE session_holds SET lease_until = clock_timestamp() + $2 * interval '1 s'"
            " WHERE session_id = $1",
            session_id,
            lease_s,
        )


async def settle(database: Database) -> SessionId | None:
    async with database.transaction() as connection:
        return await SettlingRepository(connection).settle()


async def turns(database: Database, session_id: SessionId) -> list[TurnRecord]:
    async with database.connection() as connection:
        return await TurnRepository(connection).list_turns(session_id)


async def left_behind(database: Database, session_id: SessionId) -> Any:
    async with database.connection() as connection:
        return await connection.fetchrow(
            "SELECT memory FROM session_holds WHERE session_id = $1", session_id
        )


async def test_what_a_dead_holder_left_is_written_and_its_memory_forgotten(
    database: Database, mandate: Mandate
) -> None:
    await ended(database, mandate.session_id, ago_s=20, lease_s=-20)

    assert await settle(database) == mandate.session_id
    assert await settle(database) is None

    (turn,) = await turns(database, mandate.session_id)
    assert (turn.user_transcript, turn.agent_response) == ("When do you open?", "At")
    assert await spent(database, mandate.session_id) == Decimal("0.02")
    assert await left_behind(database, mandate.session_id) is None


@pytest.mark.parametrize(("ago_s", "lease_s"), [(5, -20), (60, 5), (60, -5)])
async def test_a_holder_has_time_to_write_its_own(
    database: Database, mandate: Mandate, ago_s: float, lease_s: float
) -> None:
    await ended(database, mandate.session_id, ago_s=ago_s, lease_s=lease_s)

    assert await settle(database) is None
    assert await left_behind(database, mandate.session_id) is not None


async def test_what_lives_is_not_settled(database: Database, mandate: Mandate) -> None:
    async with database.connection() as connection:
        await connection.execute(
            "UPDATE session_holds SET lease_until = clock_timestamp() - interval '1 h'"
        )

    assert await settle(database) is None


async def test_a_turn_whose_index_is_taken_is_dropped_and_its_charges_are_not(
    database: Database, mandate: Mandate
) -> None:
    await RowWriter(database, mandate).write(TurnRow(OPEN_TURN, []))
    await ended(database, mandate.session_id, ago_s=20, lease_s=-20)

    assert await settle(database) == mandate.session_id

    (turn,) = await turns(database, mandate.session_id)
    assert turn.id == OPEN_TURN.id
    assert await spent(database, mandate.session_id) == Decimal("0.02")


async def test_what_the_holder_wrote_itself_counts_once(
    database: Database, mandate: Mandate
) -> None:
    async with database.connection() as connection:
        kept = await connection.fetchval(
            "SELECT open_turn FROM session_holds WHERE session_id = $1", mandate.session_id
        )
    whole = replace(OPEN_TURN, id=TurnId(kept["id"]), agent_response="At nine.")
    await RowWriter(database, mandate).write(TurnRow(whole, [HEARD]))
    await RowWriter(database, mandate).write(EndRow(EndReason.NO_INPUT, 0.0))
    await ended(database, mandate.session_id, ago_s=20, lease_s=-20)

    assert await settle(database) == mandate.session_id

    (turn,) = await turns(database, mandate.session_id)
    assert turn.agent_response == "At nine."
    assert await spent(database, mandate.session_id) == Decimal("0.02")


async def test_what_makes_no_sense_stands_in_no_ones_way(
    database: Database, mandate: Mandate
) -> None:
    async with database.connection() as connection:
        await connection.execute(
            "UPDATE session_holds SET open_turn = '{\"id\": 3}', unbilled = '[{}]'"
        )
    await ended(database, mandate.session_id, ago_s=20, lease_s=-20)

    assert await settle(database) == mandate.session_id
    assert await left_behind(database, mandate.session_id) is None


async def test_many_that_settle_at_once_write_it_once(database: Database, mandate: Mandate) -> None:
    await ended(database, mandate.session_id, ago_s=20, lease_s=-20)

    settled = await asyncio.gather(*(settle(database) for _ in range(8)))

    assert [one for one in settled if one is not None] == [mandate.session_id]
    assert len(await turns(database, mandate.session_id)) == 1
