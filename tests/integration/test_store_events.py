"""Live events in a real Postgres: numbered without a gap, closed once."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from core.errors import StaleError
from core.rights import Plan
from store.events import EventKind, EventRepository, FeedPage, NewEvent
from store.pool import Database
from store.records import EndReason, NewSession, SessionId, SessionRecord, TenantRecord
from store.sessions import SessionRepository
from store.tenants import TenantRepository
from tests.integration.rows import create_session


@pytest.fixture
async def tenant(database: Database) -> TenantRecord:
    async with database.connection() as connection:
        return await TenantRepository(connection).add("Asha's shop", Plan.STARTER)


@pytest.fixture
async def session(database: Database, tenant: TenantRecord) -> SessionRecord:
    async with database.connection() as connection:
        new = NewSession(SessionId(uuid4()), tenant.id, {}, f"voice-{uuid4().hex}")
        return await create_session(connection, new)


def texts(page: FeedPage) -> list[Any]:
    return [event.data["text"] for event in page.events if event.data is not None]


def said(*words: str) -> list[NewEvent]:
    return [NewEvent(EventKind.TRANSCRIPT, {"text": text}) for text in words]


async def tell(
    database: Database, session: SessionRecord, events: Sequence[NewEvent], **options: Any
) -> None:
    async with database.connection() as connection:
        options = {"write_id": uuid4(), **options}
        await EventRepository(connection).tell(session.id, events, **options)


async def read(database: Database, session: SessionRecord, after: int = 0) -> FeedPage:
    async with database.connection() as connection:
        return await EventRepository(connection).read(session.id, after=after, limit=10_000)


async def end(database: Database, session: SessionRecord) -> None:
    async with database.connection() as connection:
        await SessionRepository(connection).end_session(session.id, EndReason.API_DELETE)


async def close(database: Database, session: SessionRecord) -> bool:
    async with database.connection() as connection:
        return await EventRepository(connection).close(session.id)


async def test_writers_at_once_number_without_a_gap_and_readers_never_see_one(
    database: Database, session: SessionRecord
) -> None:
    seen: list[int] = []

    async def write(writer: int) -> None:
        for n in range(20):
            await tell(database, session, said(f"{writer}-{n}", f"{writer}-{n}+"))

    async def follow() -> None:
        while len(seen) < 160:
            page = await read(database, session, after=len(seen))
            seen.extend(event.number for event in page.events)
            assert seen == list(range(1, len(seen) + 1))

    await asyncio.gather(*(write(writer) for writer in range(4)), follow())

    page = await read(database, session)
    mine = [text for text in texts(page) if text.startswith("0-")]
    assert mine == [text for n in range(20) for text in (f"0-{n}", f"0-{n}+")]


async def test_a_repeated_write_counts_once(database: Database, session: SessionRecord) -> None:
    write_id = uuid4()
    for _ in range(3):
        await tell(database, session, said("a", "b"), write_id=write_id)
    await tell(database, session, said("c"))

    page = await read(database, session)
    assert [event.number for event in page.events] == [1, 2, 3]
    assert texts(page) == ["a", "b", "c"]


async def test_the_end_gets_the_last_number_once_and_nothing_follows(
    database: Database, session: SessionRecord
) -> None:
    await tell(database, session, said("a"))
    assert not await close(database, session)
    await end(database, session)
    closed = await asyncio.gather(*(close(database, session) for _ in range(5)))
    await tell(database, session, said("late"))

    page = await read(database, session)
    assert sorted(closed) == [False] * 4 + [True]
    assert (len(page.events), page.last_number, page.is_closed) == (1, 2, True)


async def test_the_end_of_a_held_session_waits_for_its_agent(
    database: Database, session: SessionRecord
) -> None:
    async with database.connection() as connection:
        await SessionRepository(connection).mark_active(session.id, {})
    await tell(database, session, said("a"))
    await end(database, session)
    early = await close(database, session)
    await tell(database, session, said("cut off"), agent_left=True)

    assert not early
    assert await close(database, session)
    assert (await read(database, session)).last_number == 3


async def test_an_agent_that_never_says_that_it_left_is_not_waited_for_long(
    database: Database, session: SessionRecord
) -> None:
    async with database.connection() as connection:
        await SessionRepository(connection).mark_active(session.id, {})
        await SessionRepository(connection).end_session(session.id, EndReason.TIMEOUT)
        await connection.execute(
            "UPDATE sessions SET started_at = started_at - interval '4 s',"
            " ended_at = ended_at - interval '3.1 s'"
        )

    assert await close(database, session)


async def test_events_are_kept_for_five_minutes_and_the_end_for_good(
    database: Database, session: SessionRecord
) -> None:
    await tell(database, session, said("a", "b"))
    await end(database, session)
    async with database.connection() as connection:
        kept = await EventRepository(connection).purge(100)
        await connection.execute("UPDATE sessions SET ended_at = ended_at - interval '301 s'")
        purged = [await EventRepository(connection).purge(100) for _ in range(2)]

    page = await read(database, session)
    assert (kept, purged) == (0, [1, 0])
    assert (list(page.events), page.last_number, page.is_closed) == ([], 3, True)


async def test_only_a_watched_feed_is_notified_of(
    database: Database, session: SessionRecord, dsn: str
) -> None:
    heard: list[str] = []
    listening = await asyncpg.connect(dsn)
    try:
        await listening.add_listener("session_events", lambda *given: heard.append(given[-1]))
        await tell(database, session, said("unwatched"))
        await listening.execute("SELECT 1")
        assert heard == []
        async with database.connection() as connection:
            await EventRepository(connection).watch(session.id, timedelta(minutes=1))
        await tell(database, session, said("watched"))
        await listening.execute("SELECT 1")
        assert heard == [str(session.id)]
        await end(database, session)
        await listening.execute("SELECT 1")
        assert heard == [str(session.id)] * 2
    finally:
        await listening.close()


async def test_events_need_a_session(database: Database) -> None:
    async with database.connection() as connection:
        with pytest.raises(StaleError):
            await EventRepository(connection).tell(SessionId(uuid4()), said("a"), write_id=uuid4())
