"""What works through a real PgBouncer in transaction mode, and what says that it cannot."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from pydantic import SecretStr

from control_api.health.checks.database import database_check
from core.errors import StoreRefused
from core.setting_groups import DatabaseSettings
from core.supervision import stop_tasks
from store import listener
from store.connecting import PAST_A_POOLER
from store.listener import Listener
from store.migrate import migrate
from store.pool import Database
from tests.conftest import missing
from tests.eventually import eventually
from tests.pgbouncer import configured, pgbouncer, socket_folder_of
from tests.servers import ROOT, MissingServer

ADVISORY_LOCKS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"


@pytest.fixture
async def pooled_dsn(dsn: str) -> AsyncIterator[str]:
    """The test's database through the pooler."""
    try:
        async with pgbouncer(dsn) as address:
            yield address
    except MissingServer as problem:
        missing(problem)


async def test_statements_run_wherever_the_pooler_sends_them(pooled_dsn: str) -> None:
    database = await Database.open(DatabaseSettings(url=SecretStr(pooled_dsn)))

    async def ask(n: int) -> tuple[int, str]:
        async with database.connection() as connection:
            value: int = await connection.fetchval("SELECT $1::int", n)
            words: list[str] = await connection.fetchval("SELECT ARRAY[$1::text]", str(n))
            return value, words[0]

    try:
        for _ in range(10):
            answers = await asyncio.gather(*(ask(n) for n in range(20)))
            assert answers == [(n, str(n)) for n in range(20)]
    finally:
        await database.close()


async def test_postgres_itself_keeps_the_statements_prepared(database: Database) -> None:
    async with database.connection() as connection:
        await connection.fetchval("SELECT $1::int", 1)

        assert await connection.fetchval("SELECT count(*) FROM pg_prepared_statements")


async def test_a_pooler_takes_no_migrations_and_keeps_no_lock(pooled_dsn: str, dsn: str) -> None:
    with pytest.raises(StoreRefused, match="DATABASE_LISTEN_URL must reach Postgres itself"):
        await migrate(pooled_dsn)

    connection = await asyncpg.connect(dsn)
    try:
        assert not await connection.fetchval(ADVISORY_LOCKS)
    finally:
        await connection.close()


async def test_who_listens_through_a_pooler_says_so_and_who_listens_past_it_hears(
    pooled_dsn: str, dsn: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(listener, "HEARS_WITHIN_S", 1.0)
    database = await Database.open(DatabaseSettings(url=SecretStr(pooled_dsn)))
    through = Listener(DatabaseSettings(url=SecretStr(pooled_dsn)), database)
    past = Listener(
        DatabaseSettings(url=SecretStr(pooled_dsn), listen_url=SecretStr(dsn)), database
    )
    missed: list[str | None] = []
    through.on("news", missed.append)
    tasks = [asyncio.create_task(one.run()) for one in (through, past)]
    try:
        await eventually(complains(through), what="a complaint")
        async with asyncio.timeout(30):
            await past.listening.wait()

        assert through.complaint == PAST_A_POOLER
        assert past.complaint is None
        assert not through.listening.is_set()
        assert missed == [None]
        assert [one.getMessage() for one in caplog.records] == ["listener.deaf"]
    finally:
        await stop_tasks(tasks)
        await database.close()


def complains(one: Listener) -> Callable[[], Awaitable[bool]]:
    async def does() -> bool:
        return one.complaint is not None

    return does


async def test_the_doctor_looks_through_a_pooler(pooled_dsn: str) -> None:
    check = database_check(DatabaseSettings(url=SecretStr(pooled_dsn)))

    for finding in await asyncio.gather(*(check.run() for _ in range(10))):
        assert finding.is_ok, finding.advice


def example(dsn: str, users: Path) -> str:
    """What `deploy/` advises, for the test's database."""
    users.write_text('"postgres" "a-password"\n')
    at = f"host={socket_folder_of(dsn)} dbname={urlsplit(dsn).path.removeprefix('/')}"
    text = (ROOT / "deploy/pgbouncer.ini").read_text()
    text = text.replace("/etc/pgbouncer/userlist.txt", str(users))
    return text.replace("host=127.0.0.1 port=5432 dbname=vaarta", at)


async def test_the_example_lets_us_in_with_a_password(dsn: str, tmp_path: Path) -> None:
    config = example(dsn, tmp_path / "userlist.txt")
    try:
        async with configured(config, socket_folder_of(dsn)) as port:
            url = f"postgresql://postgres:a-password@127.0.0.1:{port}/vaarta"
            pool = await Database.open(DatabaseSettings(url=SecretStr(url)))
            async with pool.connection() as connection:
                assert await connection.fetchval("SELECT $1::int", 1) == 1
            await pool.close()
    except MissingServer as problem:
        missing(problem)
