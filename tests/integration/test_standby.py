"""What a worker's process holds while it waits for a session, counted by a real Postgres."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.session.standby import Standby
from core.quick_loop import QuickLoop
from core.setting_groups import DatabaseSettings
from store import standing_by
from store.pool import Database
from tests.eventually import eventually

HELD = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'standby'"""


@pytest.fixture
def standby(dsn: str) -> Standby:
    return Standby(DatabaseSettings(url=SecretStr(f"{dsn}&application_name=standby")))


@pytest.fixture
def held(database: Database) -> "Held":
    return Held(database)


@pytest.fixture
def own_policy() -> Iterator[None]:
    yield
    asyncio.set_event_loop_policy(None)


class Held:
    """Who is connected, by what Postgres calls them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def now(self) -> list[int]:
        async with self._database.connection() as connection:
            return [row["pid"] for row in await connection.fetch(HELD)]

    async def one(self, *, but: int = 0) -> int:
        async def is_there() -> bool:
            seen = await self.now()
            return len(seen) == 1 and but not in seen

        await eventually(is_there, what="one connection")
        return (await self.now())[0]

    async def lose(self, pid: int) -> None:
        async with self._database.connection() as connection:
            await connection.execute("SELECT pg_terminate_backend($1)", pid)


async def own_pid(database: Database) -> int:
    async with database.connection() as connection:
        pid: int = await connection.fetchval("SELECT pg_backend_pid()")
        return pid


def threads() -> set[str]:
    """Of this process, by name."""
    return {path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm")}


async def test_a_process_that_waits_has_the_sdk_started_and_makes_no_silence(
    standby: Standby, held: Held
) -> None:
    standby.begin()
    await held.one()

    async def is_started() -> bool:
        return "tokio-rt-worker" in threads() and "AudioSourceCapt" not in threads()

    await eventually(is_started, what="the SDK, and no source of sound")
    await (await standby.database()).close()


async def test_a_session_goes_on_with_the_connection_that_waited_for_it(
    standby: Standby, held: Held
) -> None:
    standby.begin()
    waiting = await held.one()
    database = await standby.database()
    try:
        assert await own_pid(database) == waiting
        assert await held.now() == [waiting]
    finally:
        await database.close()


async def test_a_connection_that_died_while_it_waited_is_replaced(
    standby: Standby, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing_by, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(standing_by, "RETRY_S", 0.05)
    standby.begin()
    lost = await held.one()
    await held.lose(lost)
    waiting = await held.one(but=lost)
    database = await standby.database()
    try:
        assert await own_pid(database) == waiting
    finally:
        await database.close()


async def test_a_session_that_comes_before_its_connection_has_one_all_the_same(
    standby: Standby, held: Held
) -> None:
    standby.begin()
    database = await standby.database()
    try:
        assert await own_pid(database) == await held.one()
    finally:
        await database.close()


@pytest.mark.usefixtures("own_policy")
async def test_it_begins_with_the_process_loop_and_ends_with_it(
    standby: Standby, held: Held
) -> None:
    standby.begin_with_the_loop()
    until = asyncio.Event()

    async def wait() -> None:
        assert isinstance(asyncio.get_running_loop(), QuickLoop)
        while not until.is_set():  # noqa: ASYNC110 - set on another loop
            await asyncio.sleep(0.01)

    running = asyncio.create_task(asyncio.to_thread(asyncio.run, wait()))
    try:
        await held.one()
    finally:
        until.set()
        await running

    async def are_gone() -> bool:
        return not await held.now()

    await eventually(are_gone, what="no connection")
