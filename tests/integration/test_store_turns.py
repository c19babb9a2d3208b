"""Turns in a real Postgres."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from core.errors import ConflictError, StaleError
from core.rights import Plan
from store.pool import Database
from store.records import (
    EndReason,
    NewSession,
    NewTurn,
    SessionId,
    SessionRecord,
    TurnId,
    TurnRecord,
)
from store.sessions import SessionRepository
from store.tenants import TenantRepository
from store.turns import TurnRepository
from tests.integration.rows import create_session


@pytest.fixture
async def session_id(database: Database) -> SessionId:
    async with database.connection() as connection:
        tenant = await TenantRepository(connection).add("Asha's shop", Plan.FREE)
        new = NewSession(
            id=SessionId(uuid4()), tenant_id=tenant.id, config={}, room_name=f"voice-{uuid4().hex}"
        )
        return (await create_session(connection, new)).id


def turn(index: int) -> NewTurn:
    return NewTurn(
        id=TurnId(uuid4()),
        turn_index=index,
        user_transcript="When do you open?",
        agent_response="At nine.",
        stt_ms=60,
        first_audio_ms=510,
        started_at_ms=1000 * index,
        ended_at_ms=1000 * index + 900,
        caller_audio_s=1.25,
        agent_audio_s=0.5,
    )


async def add(database: Database, session_id: SessionId, new: NewTurn) -> TurnRecord:
    async with database.connection() as connection:
        return await TurnRepository(connection).add_turn(session_id, new)


async def session(database: Database, session_id: SessionId) -> SessionRecord:
    async with database.connection() as connection:
        return await SessionRepository(connection).get_for_agent(session_id)


async def test_a_turn_is_counted_on_its_session(database: Database, session_id: SessionId) -> None:
    await add(database, session_id, turn(0))
    await add(database, session_id, turn(1))

    counted = await session(database, session_id)
    assert (counted.turn_count, counted.total_audio_seconds) == (2, 3.5)


async def test_a_session_keeps_when_its_first_sound_left(
    database: Database, session_id: SessionId
) -> None:
    await add(database, session_id, turn(0))
    assert (await session(database, session_id)).first_sound_ms is None
    await add(database, session_id, replace(turn(1), first_audio_at_ms=1320))
    await add(database, session_id, replace(turn(2), first_audio_at_ms=2640))

    assert (await session(database, session_id)).first_sound_ms == 1320


async def test_an_unmeasured_stage_stays_null(database: Database, session_id: SessionId) -> None:
    stored = await add(database, session_id, turn(0))

    assert (stored.stt_ms, stored.tts_ttfb_ms, stored.total_ms) == (60, None, None)


async def test_replaying_a_turn_changes_nothing(database: Database, session_id: SessionId) -> None:
    first = turn(0)
    stored = await add(database, session_id, first)

    again = await add(database, session_id, replace(first, agent_response="At ten."))

    assert again == stored
    assert (await session(database, session_id)).turn_count == 1


async def test_one_turn_written_by_many_at_once_is_counted_once(
    database: Database, session_id: SessionId
) -> None:
    same = turn(0)

    stored = await asyncio.gather(*(add(database, session_id, same) for _ in range(8)))

    assert len({one.id for one in stored}) == 1
    assert (await session(database, session_id)).total_audio_seconds == 1.75


async def test_two_turns_cannot_share_an_index(database: Database, session_id: SessionId) -> None:
    await add(database, session_id, turn(3))

    with pytest.raises(ConflictError) as refused:
        await add(database, session_id, turn(3))

    assert refused.value.rule == "turns_index_unique"
    assert (await session(database, session_id)).turn_count == 1


async def test_a_turn_may_arrive_after_the_session_ended(
    database: Database, session_id: SessionId
) -> None:
    async with database.connection() as connection:
        await SessionRepository(connection).end_session(session_id, EndReason.API_DELETE)

    await add(database, session_id, turn(0))

    assert (await session(database, session_id)).turn_count == 1


async def test_a_turn_of_no_session_is_refused(database: Database) -> None:
    with pytest.raises(StaleError):
        await add(database, SessionId(uuid4()), turn(0))


async def test_a_negative_stage_is_refused(database: Database, session_id: SessionId) -> None:
    with pytest.raises(ConflictError) as refused:
        await add(database, session_id, replace(turn(0), stt_ms=-1))

    assert refused.value.rule == "turns_stages_not_negative"


async def test_text_that_postgres_cannot_hold_does_not_lose_the_turn(
    database: Database, session_id: SessionId
) -> None:
    stored = await add(database, session_id, replace(turn(0), agent_response="At\0 nine\ud800."))

    assert stored.agent_response == "At nine?."


async def test_turns_are_listed_in_order(database: Database, session_id: SessionId) -> None:
    for index in (2, 0, 1):
        await add(database, session_id, turn(index))

    async with database.connection() as connection:
        listed = await TurnRepository(connection).list_turns(session_id)

    assert [one.turn_index for one in listed] == [0, 1, 2]
