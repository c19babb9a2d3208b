"""The schema, from nothing."""

import asyncio

import asyncpg
import pytest
from pydantic import SecretStr

from core.errors import ConflictError, StoreUnavailable
from core.setting_groups import DatabaseSettings
from store.condition import condition_of
from store.migrate import Migration, SchemaDiffers, migrate, migrations
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


def next_ones(monkeypatch: pytest.MonkeyPatch, *statements: str) -> None:
    """A release with more migrations than the present one."""
    known = migrations()
    added = [Migration(9000 + i, f"{9000 + i}_added", sql) for i, sql in enumerate(statements)]
    monkeypatch.setattr("store.migrate.migrations", lambda: (*known, *added))


async def test_a_file_that_was_changed_after_it_was_applied_is_refused(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_ones(monkeypatch, "CREATE TABLE added (id integer)")
    await migrate(dsn)
    next_ones(monkeypatch, "CREATE TABLE added (id bigint)", "CREATE TABLE never (id integer)")

    with pytest.raises(SchemaDiffers, match="9000_added"):
        await migrate(dsn)

    assert not [row for row in await columns(dsn) if row[0] == "never"]


async def test_a_schema_from_before_checksums_gets_them(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("ALTER TABLE schema_migrations DROP COLUMN checksum")
        assert await migrate(dsn) == []
        kept = await connection.fetch("SELECT checksum FROM schema_migrations ORDER BY version")
        assert [row["checksum"] for row in kept] == [one.checksum for one in migrations()]
    finally:
        await connection.close()


async def test_an_index_that_was_left_half_built_is_built_anew(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("CREATE TABLE added (id integer)")
        await connection.execute("INSERT INTO added VALUES (1), (1)")
        sql = "-- online\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS added_id ON added (id)"
        next_ones(monkeypatch, sql)
        with pytest.raises(ConflictError):
            await migrate(dsn)
        await connection.execute("DELETE FROM added")

        assert await migrate(dsn) == ["9000_added"]

        valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'added_id'::regclass"
        assert await connection.fetchval(valid)
    finally:
        await connection.close()


async def test_nobody_queues_behind_a_migration_that_waits_for_a_lock(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_ones(monkeypatch, "ALTER TABLE tenants ADD COLUMN added integer")
    holder, other = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    try:
        holding = holder.transaction()
        await holding.start()
        await holder.execute("SELECT FROM tenants")
        migrating = asyncio.create_task(migrate(dsn))
        for _ in range(20):
            await asyncio.sleep(0.05)
            await other.execute("SELECT FROM tenants", timeout=10)
        assert not migrating.done()
        await holding.commit()

        assert await migrating == ["9000_added"]
    finally:
        await holder.close()
        await other.close()


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
