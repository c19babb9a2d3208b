"""What a real Postgres does to those who use it: an error of ours, and then it heals."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import asyncpg
import pytest
from pydantic import SecretStr

from core.errors import StoreRefused, StoreUnavailable
from core.rights import Plan
from core.setting_groups import DatabaseSettings
from store.pool import Connection, Database
from store.records import TenantId
from store.repository import Repository
from store.tenants import TenantRepository
from store.translation import StoreReadOnly
from tests.eventually import eventually

RENAME = "UPDATE tenants SET name = $2 WHERE id = $1"


class Raw(Repository):
    """Any statement, as a repository would run it."""

    async def run(self, statement: str, *arguments: object) -> None:
        await self._rows(statement, *arguments)


async def run(database: Database, statement: str, *arguments: object) -> None:
    async with database.connection() as connection:
        await Raw(connection).run(statement, *arguments)


async def new_tenant(database: Database) -> TenantId:
    async with database.connection() as connection:
        return (await TenantRepository(connection).add("Asha's shop", Plan.FREE, Decimal(0))).id


@pytest.fixture
async def operator(dsn: str) -> AsyncIterator[Connection]:
    """A connection from outside the pool."""
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


async def make_read_only(operator: Connection, setting: str) -> None:
    name = await operator.fetchval("SELECT current_database()")
    await operator.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {setting}')


async def test_a_server_that_only_reads_is_left_for_the_one_that_writes(
    dsn: str, operator: Connection
) -> None:
    """New connections alone see the change, as after a failover."""
    await make_read_only(operator, "on")
    database = await Database.open(DatabaseSettings(url=SecretStr(dsn), pool_size=1))
    try:
        with pytest.raises(StoreReadOnly):
            await new_tenant(database)
        await make_read_only(operator, "off")
        await new_tenant(database)
    finally:
        await database.close()


async def test_a_backend_that_is_ended_in_the_middle_of_a_statement_is_replaced(
    database: Database, operator: Connection
) -> None:
    asleep = asyncio.create_task(run(database, "SELECT pg_sleep(4)"))
    sleeping = "SELECT pid FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(4)'"

    async def is_asleep() -> bool:
        return await operator.fetchval(sleeping) is not None

    await eventually(is_asleep, what="the statement")
    await operator.execute(f"SELECT pg_terminate_backend(pid) FROM ({sleeping}) s")
    with pytest.raises(StoreUnavailable):
        await asleep
    await new_tenant(database)


async def test_a_backend_that_is_ended_before_the_commit_leaves_nothing_and_says_so(
    database: Database, operator: Connection
) -> None:
    async def add() -> None:
        async with database.transaction() as connection:
            await TenantRepository(connection).add("Gone", Plan.FREE, Decimal(0))
            await operator.execute(
                "SELECT pg_terminate_backend($1, 5000)", connection.get_server_pid()
            )

    with pytest.raises(StoreUnavailable):
        await add()
    assert await operator.fetchval("SELECT count(*) FROM tenants") == 0
    await new_tenant(database)


async def test_of_two_that_wait_for_each_other_one_gives_way(database: Database) -> None:
    tenants = [await new_tenant(database) for _ in range(2)]
    both_hold_one = asyncio.Barrier(2)

    async def rename(first: TenantId, second: TenantId) -> None:
        async with database.transaction() as connection:
            await Raw(connection).run(RENAME, first, "Mira's shop")
            await both_hold_one.wait()
            await Raw(connection).run(RENAME, second, "Mira's shop")

    ends = await asyncio.gather(
        rename(*tenants), rename(*reversed(tenants)), return_exceptions=True
    )

    assert sorted(map(str, ends)) == ["DeadlockDetectedError", "None"]
    assert [type(end) for end in ends if end] == [StoreUnavailable]


async def test_a_table_that_is_not_there_yet_is_worth_another_try(empty_dsn: str) -> None:
    database = await Database.open(DatabaseSettings(url=SecretStr(empty_dsn)))
    try:
        with pytest.raises(StoreUnavailable, match="UndefinedTableError"):
            await new_tenant(database)
    finally:
        await database.close()


async def test_a_statement_that_takes_too_long_is_given_up(dsn: str) -> None:
    settings = DatabaseSettings(url=SecretStr(dsn), timeout_s=0.5)
    database = await Database.open(settings)

    async def sleep_within(milliseconds: int) -> None:
        async with database.transaction() as connection:
            await connection.execute(f"SET LOCAL statement_timeout = {milliseconds}")
            await Raw(connection).run("SELECT pg_sleep(60)")

    try:
        with pytest.raises(StoreUnavailable, match="TimeoutError"):
            await sleep_within(0)
        with pytest.raises(StoreUnavailable, match="QueryCanceledError"):
            await sleep_within(50)
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("statement", "argument"),
    [
        ("SELECT $1::integer", "no number"),
        ("SELECT $1::text", "a\0b"),
        ("SELECT 1 / $1::integer", 0),
        ("SELEKT $1", 0),
    ],
)
async def test_what_is_wrong_whenever_it_comes_is_refused(
    database: Database, statement: str, argument: object
) -> None:
    with pytest.raises(StoreRefused):
        await run(database, statement, argument)
