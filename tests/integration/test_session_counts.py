"""How many sessions a tenant has, by status, kept beside the rows."""

import asyncio
from uuid import uuid4

from core.rights import Plan
from store.pages import Part, Total
from store.pool import Database
from store.records import EndReason, NewSession, SessionId, SessionStatus, TenantId
from store.session_filter import SessionFilter
from store.sessions import SessionRepository
from store.tenants import TenantRepository
from tests.integration.rows import create_session

_COUNTED = "SELECT status, count(*) FROM sessions WHERE tenant_id = $1 GROUP BY status"
_KEPT = "SELECT status, n FROM session_counts WHERE tenant_id = $1 AND n > 0"


async def new_tenant(database: Database) -> TenantId:
    async with database.connection() as connection:
        return (await TenantRepository(connection).add("Asha", Plan.ENTERPRISE)).id


async def add(database: Database, tenant_id: TenantId) -> SessionId:
    new = NewSession(
        id=SessionId(uuid4()),
        tenant_id=tenant_id,
        config={"llm_model": "kimi-k2.5", "voice": "shubh", "language": "en-IN"},
        room_name=f"voice-{uuid4().hex}",
    )
    async with database.connection() as connection:
        return (await create_session(connection, new)).id


async def end(database: Database, session_id: SessionId, reason: EndReason) -> None:
    async with database.connection() as connection:
        await SessionRepository(connection).mark_active(session_id, {})
        await SessionRepository(connection).end_session(session_id, reason)


async def is_right(database: Database, tenant_id: TenantId) -> bool:
    async with database.connection() as connection:
        counted = dict(await connection.fetch(_COUNTED, tenant_id))
        return dict(await connection.fetch(_KEPT, tenant_id)) == counted


async def test_a_tenant_without_sessions_has_none(database: Database) -> None:
    tenant_id = await new_tenant(database)

    async with database.connection() as connection:
        sessions = SessionRepository(connection)
        filters = [SessionFilter(one) for one in (None, *SessionStatus)]
        lists = [await sessions.list_page(tenant_id, Part(5), one) for one in filters]

    assert [one.total for one in lists] == [Total(0)] * len(filters)


async def test_counts_follow_parallel_creates_and_ends(database: Database) -> None:
    one, other = await new_tenant(database), await new_tenant(database)
    ids = await asyncio.gather(*(add(database, owner) for owner in [one, other] * 20))
    reasons = [EndReason.CALLER_HANGUP, EndReason.AGENT_ERROR, EndReason.API_DELETE]

    await asyncio.gather(
        *(end(database, session, reasons[i % 3]) for i, session in enumerate(ids[:30])),
        *(end(database, session, EndReason.TIMEOUT) for session in ids[:30]),
        *(add(database, one) for _ in range(5)),
    )

    assert await is_right(database, one)
    assert await is_right(database, other)


async def test_one_statement_that_ends_and_removes_many_is_counted(database: Database) -> None:
    one, other = await new_tenant(database), await new_tenant(database)
    await asyncio.gather(*(add(database, owner) for owner in [one, other] * 3))

    async with database.connection() as connection:
        await connection.execute(
            "UPDATE sessions SET status = 'timeout', end_reason = 'timeout', ended_at = now()"
        )
        await connection.execute("DELETE FROM sessions WHERE tenant_id = $1", other)
        wanted = SessionFilter(SessionStatus.TIMEOUT)
        listed = await SessionRepository(connection).list_page(one, Part(1), wanted)

    assert listed.total == Total(3)
    assert await is_right(database, one)
    assert await is_right(database, other)


async def test_a_tenant_takes_its_counts_with_it(database: Database) -> None:
    tenant_id = await new_tenant(database)
    await add(database, tenant_id)

    async with database.connection() as connection:
        await connection.execute("DELETE FROM tenants WHERE id = $1", tenant_id)
        left = await connection.fetchval("SELECT count(*) FROM session_counts")

    assert left == 0
