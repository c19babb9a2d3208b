"""The schema, from nothing."""

import asyncio

import asyncpg
import pytest
from pydantic import SecretStr

from core.errors import StoreUnavailable
from core.setting_groups import DatabaseSettings
from store.condition import condition_of
from store.migrate import migrate, migrations
from store.pool import Database

COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"""
UNNAMED = """
SELECT conname FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype = 'c' AND conname LIKE '%\\_check%'"""


async def columns(dsn: str) -> list[tuple[str, ...]]:
    connection = await asyncpg.connect(dsn)
    try:
        return [tuple(row) for row in await connection.fetch(COLUMNS)]
    finally:
        await connection.close()


def test_no_two_migrations_share_a_number() -> None:
    versions = [one.version for one in migrations()]

    assert versions == sorted(set(versions))


async def test_an_empty_database_gets_the_schema_that_tests_copy(empty_dsn: str, dsn: str) -> None:
    applied = await migrate(empty_dsn)

    assert applied == [one.name for one in migrations()]
    assert await columns(empty_dsn) == await columns(dsn)


async def test_migrating_again_applies_nothing(dsn: str) -> None:
    assert await migrate(dsn) == []


async def test_processes_that_migrate_at_once_apply_each_file_once(empty_dsn: str) -> None:
    applied = await asyncio.gather(*(migrate(empty_dsn) for _ in range(4)))

    assert sorted(name for names in applied for name in names) == [one.name for one in migrations()]


async def test_every_rule_has_a_name_of_its_own(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        assert await connection.fetch(UNNAMED) == []
    finally:
        await connection.close()


@pytest.mark.parametrize(
    "url", ["postgresql://nobody@127.0.0.1:1/vaarta", "mysql://127.0.0.1/vaarta"]
)
async def test_a_database_that_is_away_is_said_so(url: str) -> None:
    with pytest.raises(StoreUnavailable):
        await migrate(url)
    database = await Database.open(DatabaseSettings(url=SecretStr(url)))
    try:
        with pytest.raises(StoreUnavailable):
            await condition_of(database)
    finally:
        await database.close()


async def test_a_statement_that_takes_too_long_is_given_up(dsn: str) -> None:
    database = await Database.open(DatabaseSettings(url=SecretStr(dsn), timeout_s=0.2))
    try:
        with pytest.raises(StoreUnavailable):
            async with database.connection() as connection:
                await connection.execute("SELECT pg_sleep(60)")
        await condition_of(database)
    finally:
        await database.close()
