"""What works through a real PgBouncer in transaction mode, and what says that it cannot."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
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
from tests.integration.commands import run, told
from tests.pgbouncer import configured, pgbouncer, socket_folder_of
from tests.servers import ROOT, MissingServer

PATIENCE_S = 30.0
"""For a machine that is busy with other things."""
ADVISORY_LOCKS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"


def settings(url: str, **fields: Any) -> DatabaseSettings:
    return DatabaseSettings(url=SecretStr(url), timeout_s=PATIENCE_S, **fields)


@pytest.fixture
async def pooled_dsn(dsn: str) -> AsyncIterator[str]:
    """The test's database through the pooler."""
    try:
        async with pgbouncer(dsn) as address:
            yield address
    except MissingServer as problem:
        missing(problem)


async def test_statements_run_wherever_the_pooler_sends_them(pooled_dsn: str) -> None:
    database = await Database.open(settings(pooled_dsn))

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


async def test_who_listens_through_a_pooler_says_so(
    pooled_dsn: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(listener, "HEARS_WITHIN_S", 1.0)
    missed: list[str | None] = []
    async with listening(settings(pooled_dsn)) as through:
        through.on("news", missed.append)
        await eventually(complains(through), what="a complaint")

        assert through.complaint == PAST_A_POOLER
        assert not through.listening.is_set()
        assert missed == [None]
        assert [one.getMessage() for one in caplog.records] == ["listener.deaf"]


async def test_who_listens_past_the_pooler_hears(pooled_dsn: str, dsn: str) -> None:
    async with listening(settings(pooled_dsn, listen_url=SecretStr(dsn))) as past:
        async with asyncio.timeout(60.0):
            await past.listening.wait()

        assert past.complaint is None


@asynccontextmanager
async def listening(given: DatabaseSettings) -> AsyncIterator[Listener]:
    database = await Database.open(given)
    one = Listener(given, database)
    task = asyncio.create_task(one.run())
    try:
        yield one
    finally:
        await stop_tasks([task])
        await database.close()


def complains(one: Listener) -> Callable[[], Awaitable[bool]]:
    async def does() -> bool:
        return one.complaint is not None

    return does


async def test_the_doctor_looks_through_a_pooler_and_says_what_is_missing(
    pooled_dsn: str, dsn: str
) -> None:
    lacking = settings(pooled_dsn)
    whole = settings(pooled_dsn, listen_url=SecretStr(dsn))

    for finding in await asyncio.gather(*(database_check(lacking).run() for _ in range(10))):
        assert finding.is_ok, finding.advice
        assert "DATABASE_LISTEN_URL" in finding.note
    assert (await database_check(whole).run()).note == "through a pooler"
    assert (await database_check(settings(dsn)).run()).note == ""


async def test_commands_go_through_a_pooler_and_migrations_past_it(
    pooled_dsn: str, dsn: str, tmp_path: Path
) -> None:
    past = {"DATABASE_LISTEN_URL": dsn}
    migrated = await asyncio.to_thread(run, pooled_dsn, tmp_path, "migrate", env=past)
    create = ("tenants", "create", "--name", "Asha")
    tenant = await asyncio.to_thread(told, pooled_dsn, tmp_path, *create)

    assert (migrated.returncode, migrated.stdout) == (0, "nothing to apply\n")
    assert tenant["name"] == "Asha"


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
            pool = await Database.open(settings(url))
            async with pool.connection() as connection:
                assert await connection.fetchval("SELECT $1::int", 1) == 1
            await pool.close()
    except MissingServer as problem:
        missing(problem)
