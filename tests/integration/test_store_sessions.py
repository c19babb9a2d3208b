"""Sessions in a real Postgres."""

import asyncio
from dataclasses import asdict
from datetime import timedelta
from uuid import uuid4

import pytest

from core.errors import ConflictError, NotFoundError
from core.rights import Plan
from store.pages import Part, Total
from store.pool import Database
from store.reaping import ReapingRepository
from store.records import (
    EndReason,
    NewSession,
    SessionId,
    SessionRecord,
    SessionStatus,
    Substitution,
    TenantId,
)
from store.session_filter import SessionFilter
from store.sessions import SessionRepository
from store.tenants import TenantRepository
from tests.integration.planning import plan, unseen_tables
from tests.integration.rows import create_session


@pytest.fixture
async def tenant_id(database: Database) -> TenantId:
    async with database.connection() as connection:
        return (await TenantRepository(connection).add("Asha's shop", Plan.FREE)).id


async def add_session(database: Database, tenant_id: TenantId) -> SessionRecord:
    new = NewSession(
        id=SessionId(uuid4()),
        tenant_id=tenant_id,
        config={"voice": "shubh", "max_duration_seconds": 300},
        room_name=f"voice-{uuid4().hex}",
        metadata={"order": [1, 2.5, None, "नमस्ते"]},
    )
    async with database.connection() as connection:
        return await create_session(connection, new)


async def end(database: Database, session_id: SessionId, reason: EndReason) -> SessionRecord | None:
    async with database.connection() as connection:
        return await SessionRepository(connection).end_session(session_id, reason)


async def mark_active(database: Database, session_id: SessionId) -> SessionRecord | None:
    async with database.connection() as connection:
        return await SessionRepository(connection).mark_active(session_id, {})


async def test_a_new_session_is_created_and_has_neither_start_nor_end(
    database: Database, tenant_id: TenantId
) -> None:
    session = await add_session(database, tenant_id)

    assert session.status is SessionStatus.CREATED
    assert (session.started_at, session.ended_at, session.end_reason) == (None, None, None)
    assert (session.turn_count, session.total_audio_seconds) == (0, 0.0)
    assert session.metadata == {"order": [1, 2.5, None, "नमस्ते"]}
    assert session.duration_s is None


async def test_only_the_first_of_two_agents_marks_a_session_active(
    database: Database, tenant_id: TenantId
) -> None:
    session = await add_session(database, tenant_id)

    both = await asyncio.gather(*(mark_active(database, session.id) for _ in range(2)))

    (winner,) = [one for one in both if one is not None]
    assert winner.status is SessionStatus.ACTIVE
    assert winner.started_at is not None


@pytest.mark.parametrize("reason", EndReason)
async def test_every_end_reason_leaves_its_own_status(
    database: Database, tenant_id: TenantId, reason: EndReason
) -> None:
    session = await add_session(database, tenant_id)
    await mark_active(database, session.id)

    ended = await end(database, session.id, reason)

    assert ended is not None
    assert (ended.status, ended.end_reason) == (reason.status, reason)
    assert ended.duration_s is not None
    assert ended.duration_s >= 0


async def test_a_session_may_have_been_over_before_that_was_certain(
    database: Database, tenant_id: TenantId
) -> None:
    session = await add_session(database, tenant_id)
    await mark_active(database, session.id)
    async with database.connection() as connection:
        await connection.execute(
            "UPDATE sessions SET started_at = now() - interval '60 s' WHERE id = $1", session.id
        )
        ended = await SessionRepository(connection).end_session(
            session.id, EndReason.CALLER_HANGUP, ended_s_ago=20.0
        )

    assert ended is not None
    assert ended.duration_s == pytest.approx(40.0, abs=5.0)


async def test_a_session_does_not_end_before_it_started(
    database: Database, tenant_id: TenantId
) -> None:
    session = await add_session(database, tenant_id)
    await mark_active(database, session.id)
    async with database.connection() as connection:
        ended = await SessionRepository(connection).end_session(
            session.id, EndReason.CALLER_HANGUP, ended_s_ago=20.0
        )

    assert ended is not None
    assert ended.duration_s == 0.0


async def test_the_first_of_many_ends_wins(database: Database, tenant_id: TenantId) -> None:
    session = await add_session(database, tenant_id)

    ends = await asyncio.gather(*(end(database, session.id, reason) for reason in EndReason))

    (winner,) = [one for one in ends if one is not None]
    async with database.connection() as connection:
        stored = await SessionRepository(connection).get_for_agent(session.id)
    assert stored == winner


async def test_an_ended_session_does_not_become_active(
    database: Database, tenant_id: TenantId
) -> None:
    session = await add_session(database, tenant_id)
    await end(database, session.id, EndReason.API_DELETE)

    assert await mark_active(database, session.id) is None


async def test_an_end_can_be_limited_to_sessions_that_nobody_joined(
    database: Database, tenant_id: TenantId
) -> None:
    session = await add_session(database, tenant_id)
    await mark_active(database, session.id)

    async with database.connection() as connection:
        ended = await SessionRepository(connection).end_session(
            session.id, EndReason.TOKEN_EXPIRED, only_from=frozenset({SessionStatus.CREATED})
        )

    assert ended is None


async def test_another_tenants_session_is_not_found(
    database: Database, tenant_id: TenantId
) -> None:
    session = await add_session(database, tenant_id)

    async with database.connection() as connection:
        other = await TenantRepository(connection).add("Somebody else", Plan.PRO)
        with pytest.raises(NotFoundError):
            await SessionRepository(connection).get(other.id, session.id)


async def test_an_unknown_tenant_is_refused_by_name(database: Database) -> None:
    with pytest.raises(ConflictError) as refused:
        await add_session(database, TenantId(uuid4()))

    assert refused.value.rule == "create_windows_tenant_known"


async def test_a_list_is_newest_first_and_counts_what_its_filter_matches(
    database: Database, tenant_id: TenantId
) -> None:
    made = [await add_session(database, tenant_id) for _ in range(3)]
    await end(database, made[1].id, EndReason.CALLER_HANGUP)

    async with database.connection() as connection:
        sessions = SessionRepository(connection)
        page = await sessions.list_page(tenant_id, Part(limit=2, offset=1))
        wanted = SessionFilter(SessionStatus.COMPLETED)
        done = await sessions.list_page(tenant_id, Part(50), wanted)

    assert [one.id for one in page.rows] == [made[1].id, made[0].id]
    assert [one.id for one in done.rows] == [made[1].id]
    assert (page.total, done.total) == (Total(3), Total(1))


async def test_a_list_reads_its_index_and_does_not_sort(
    database: Database, tenant_id: TenantId
) -> None:
    statement = (
        "SELECT id FROM sessions WHERE tenant_id = $1 AND status = 'active' "
        "ORDER BY created_at DESC, id DESC LIMIT 50"
    )
    async with unseen_tables(database) as connection:
        await connection.execute("SET LOCAL enable_bitmapscan = off")
        shown = await plan(connection, statement, tenant_id)

    assert "sessions_by_tenant_status" in shown
    assert "Sort" not in shown


async def test_substitutions_are_listed_in_the_config_in_order_and_each_once(
    database: Database, tenant_id: TenantId
) -> None:
    session = await add_session(database, tenant_id)
    first = Substitution("voice", "kavya", "shubh", "the provider refuses kavya")
    second = Substitution("stt_model", "saaras:v4", "saaras:v3", "retired")

    async with database.connection() as connection:
        sessions = SessionRepository(connection)
        for entry in (first, second, first):
            await sessions.add_substitution(session.id, entry)
        stored = await sessions.get(tenant_id, session.id)

    assert stored.config == {
        **session.config,
        "substitutions": [asdict(first), asdict(second)],
    }


@pytest.mark.parametrize("ago", ["11 s", "-1 h"])
async def test_an_agent_is_sent_for_once_in_a_while(
    database: Database, tenant_id: TenantId, ago: str
) -> None:
    """Also after the database's clock was set back."""
    session = await add_session(database, tenant_id)
    async with database.connection() as connection:
        reaping = ReapingRepository(connection)
        assert await reaping.claim_dispatch(session.id, timedelta(seconds=10))
        assert not await reaping.claim_dispatch(session.id, timedelta(seconds=10))
        await connection.execute(f"UPDATE sessions SET redispatched_at = now() - interval '{ago}'")
        assert await reaping.claim_dispatch(session.id, timedelta(seconds=10))
