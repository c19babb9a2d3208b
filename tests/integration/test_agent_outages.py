"""A session's rows while a real Postgres is away, ill, or only reads."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import asyncpg
import pytest
from pydantic import SecretStr

from agent.records.journal import Journal, JournalFolder
from agent.records.replay import Replayer
from agent.records.row_queue import RowQueue
from agent.records.rows import Mandate, RowWriter
from core.setting_groups import DatabaseSettings
from store.pool import Connection, Database
from store.records import SessionStatus
from tests.eventually import eventually
from tests.flaky_postgres import FlakyPostgres
from tests.integration.rows import (
    end_row,
    held,
    new_session,
    session,
    spent,
    turn_indexes,
    turn_row,
)

# A sequence does not go back with the transaction that asked it.
FAIL_TWICE = """
CREATE SEQUENCE n_failed;
CREATE FUNCTION fail_twice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('n_failed') <= 2 THEN
        RAISE EXCEPTION 'no luck' USING ERRCODE = '{sqlstate}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fail_twice BEFORE INSERT ON turns FOR EACH ROW EXECUTE FUNCTION fail_twice()"""


@pytest.fixture
def folder(tmp_path: Path) -> JournalFolder:
    return JournalFolder(tmp_path / "journal", 1024 * 1024)


@pytest.fixture
async def mandate(database: Database) -> Mandate:
    return await held(database, await new_session(database))


@pytest.fixture
async def operator(dsn: str) -> AsyncIterator[Connection]:
    """A connection from outside the pool."""
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


@pytest.fixture
async def flaky(dsn: str) -> AsyncIterator[FlakyPostgres]:
    async with FlakyPostgres.before(dsn) as found:
        yield found


@pytest.fixture
async def flaky_database(flaky: FlakyPostgres) -> AsyncIterator[Database]:
    pool = await Database.open(DatabaseSettings(url=SecretStr(flaky.dsn), timeout_s=1.0))
    yield pool
    await pool.close()


@asynccontextmanager
async def queued(
    database: Database, folder: JournalFolder, mandate: Mandate
) -> AsyncIterator[RowQueue]:
    writer, journal = RowWriter(database, mandate), Journal(folder, mandate)
    async with RowQueue.opened(
        writer, journal, on_written=lambda _: None, on_stale=lambda: None
    ) as rows:
        yield rows


async def expect_files(folder: JournalFolder, n: int) -> None:
    async def are_so_many() -> bool:
        return len(folder.files()) == n

    await eventually(are_so_many, what=f"{n} journals")


@pytest.mark.parametrize("sqlstate", ["40P01", "40001", "25006", "XX000"])
async def test_five_turns_and_their_charges_outlive_what_heals_by_itself(
    database: Database,
    operator: Connection,
    mandate: Mandate,
    folder: JournalFolder,
    sqlstate: str,
) -> None:
    """A deadlock, a serialization failure, a server that only reads, an internal error."""
    await operator.execute(FAIL_TWICE.format(sqlstate=sqlstate))
    async with queued(database, folder, mandate) as rows:
        for index in range(5):
            rows.put(turn_row(index))
        await eventually(rows.flush)

    assert await turn_indexes(database, mandate.session_id) == [0, 1, 2, 3, 4]
    assert await spent(database, mandate.session_id) == Decimal("2.5")


async def test_ended_backends_cost_nothing(
    database: Database, operator: Connection, mandate: Mandate, folder: JournalFolder
) -> None:
    async with queued(database, folder, mandate) as rows:
        for index in range(5):
            rows.put(turn_row(index))
            await operator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            await asyncio.sleep(0.05)
        rows.put(end_row())
        await eventually(rows.flush)

    assert (await session(database, mandate.session_id)).turn_count == 5
    assert await spent(database, mandate.session_id) == Decimal("2.5")


async def test_a_session_that_ends_while_postgres_is_away_is_ended_once_it_is_back(
    database: Database,
    mandate: Mandate,
    folder: JournalFolder,
    flaky: FlakyPostgres,
    flaky_database: Database,
) -> None:
    await flaky.close()
    async with queued(flaky_database, folder, mandate) as rows:
        for index in range(3):
            rows.put(turn_row(index))
        rows.put(end_row())
        assert not await rows.flush()
    replaying = asyncio.create_task(Replayer(flaky_database, folder).run())
    try:
        await flaky.open()
        await expect_files(folder, 0)
    finally:
        replaying.cancel()
        await asyncio.wait([replaying])

    assert (await session(database, mandate.session_id)).status is SessionStatus.COMPLETED
    assert await turn_indexes(database, mandate.session_id) == [0, 1, 2]
    assert await spent(database, mandate.session_id) == Decimal("1.5")


async def test_a_job_that_outlives_the_outage_writes_its_rows_itself(
    database: Database,
    mandate: Mandate,
    folder: JournalFolder,
    flaky: FlakyPostgres,
    flaky_database: Database,
) -> None:
    await flaky.close()
    async with queued(flaky_database, folder, mandate) as rows:
        rows.put(turn_row(0))
        await expect_files(folder, 1)
        await flaky.open()
        await expect_files(folder, 0)

    assert await turn_indexes(database, mandate.session_id) == [0]


async def test_a_mute_postgres_does_not_hold_up_a_job_that_leaves(
    database: Database,
    mandate: Mandate,
    folder: JournalFolder,
    flaky: FlakyPostgres,
    flaky_database: Database,
) -> None:
    async with flaky_database.connection() as connection:
        await connection.execute("SELECT 1")
    flaky.mute()
    async with queued(flaky_database, folder, mandate) as rows:
        rows.put(turn_row(0))
        rows.put(end_row())
        assert not await rows.flush()
    assert len(folder.files()) == 1
    flaky.speak()

    async def is_replayed() -> bool:
        await Replayer(flaky_database, folder).look()
        return not folder.files()

    await eventually(is_replayed)
    assert (await session(database, mandate.session_id)).status is SessionStatus.COMPLETED
    assert (await session(database, mandate.session_id)).turn_count == 1
