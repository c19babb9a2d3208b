"""How many connections a job's pool holds, counted by a real Postgres."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import SecretStr

from agent.session.standby import JOB_CONNECTIONS
from core.setting_groups import DatabaseSettings
from store import pool
from store.pool import Database
from tests.eventually import eventually

HELD = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'thrifty'"""
STUCK = f"{HELD} AND wait_event = 'advisory'"


@asynccontextmanager
async def thrifty_pool(dsn: str) -> AsyncIterator[Database]:
    """What each job opens."""
    named = SecretStr(f"{dsn}&application_name=thrifty")
    opened = await Database.open_thrifty(DatabaseSettings(url=named), JOB_CONNECTIONS)
    try:
        yield opened
    finally:
        await opened.close()


async def ask(thrifty: Database, statement: str = "SELECT 1", *, within_s: float = 0.5) -> None:
    async with thrifty.connection(spare_after_s=within_s) as connection:
        await connection.execute(statement)


async def count(database: Database, counting: str) -> int:
    async with database.connection() as connection:
        n: int = await connection.fetchval(counting)
        return n


async def test_all_that_a_session_writes_goes_by_one_connection(
    dsn: str, database: Database
) -> None:
    async with thrifty_pool(dsn) as thrifty:
        for _ in range(5):
            await asyncio.gather(*(ask(thrifty, within_s=60.0) for _ in range(20)))

        assert await count(database, HELD) == 1


async def test_a_lease_is_renewed_beside_statements_that_are_held_up_and_no_more_are_kept(
    dsn: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "SPARE_LASTS_S", 0.3)
    lock = "SELECT pg_advisory_xact_lock(1)"

    async def are_stuck() -> bool:
        return await count(database, STUCK) == 2

    async def are_closed() -> bool:
        return await count(database, HELD) == 0

    async with thrifty_pool(dsn) as thrifty:
        async with asyncio.TaskGroup() as tasks, database.transaction() as connection:
            await connection.execute(lock)
            for _ in range(2):
                tasks.create_task(ask(thrifty, lock))
            await eventually(are_stuck, what="two statements that are held up")
            await ask(thrifty)
            assert await count(database, HELD) == 3

        await eventually(are_closed, what="the end of connections that nobody uses")
