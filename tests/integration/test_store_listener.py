"""Notifications from a real Postgres, whatever becomes of the connection."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from prometheus_client import REGISTRY
from pydantic import SecretStr

from core.setting_groups import DatabaseSettings
from store import listener
from store.listener import Listener
from store.pool import Database
from tests.eventually import eventually

CUT_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""
HEARD_AT = ("vaarta_listener_heard_timestamp_seconds", {"listener": "live_events"})
LOOKED_AFTER = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query = 'SELECT 1'"""


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "RETRY_WAIT_S", 0.05)
    monkeypatch.setattr(listener, "BEAT_S", 0.05)


@asynccontextmanager
async def running(one: Listener) -> AsyncIterator[None]:
    task = asyncio.create_task(one.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


def told(heard: list[str | None], n: int) -> Callable[[], Awaitable[bool]]:
    async def are_told() -> bool:
        return len(heard) >= n

    return are_told


async def test_a_lost_connection_is_replaced_and_said(dsn: str, database: Database) -> None:
    heard: list[str | None] = []
    began_at = time.time()
    listening = Listener(DatabaseSettings(url=SecretStr(dsn)), database)
    listening.on("news", heard.append)
    async with running(listening):
        await eventually(told(heard, 1), what="the first listening")
        assert (REGISTRY.get_sample_value(*HEARD_AT) or 0) >= began_at
        async with database.connection() as connection:
            await connection.execute("SELECT pg_notify('news', 'a')")
            await eventually(told(heard, 2), what="a notification")
            await connection.execute(CUT_OTHERS)
            await eventually(told(heard, 3), what="listening again")
            await connection.execute("SELECT pg_notify('news', 'b')")
            await eventually(told(heard, 4), what="a notification after that")
        assert listening.listening.is_set()

    assert heard == [None, "a", None, "b"]
    assert not listening.listening.is_set()


async def test_one_connection_hears_several_channels(dsn: str, database: Database) -> None:
    news: list[str | None] = []
    weather: list[str | None] = []
    listening = Listener(DatabaseSettings(url=SecretStr(dsn)), database)
    listening.on("news", news.append)
    listening.on("weather", weather.append)
    async with running(listening):
        await eventually(told(weather, 1), what="the first listening")
        async with database.connection() as connection:
            await connection.execute("SELECT pg_notify('news', 'a'), pg_notify('weather', 'rain')")
        await eventually(told(weather, 2), what="a notification")

    assert (news, weather) == ([None, "a"], [None, "rain"])


async def test_who_has_no_connection_to_notify_with_is_not_deaf_for_that(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "HEARS_WITHIN_S", 0.0)
    settings = DatabaseSettings(url=SecretStr(dsn), pool_size=1, timeout_s=0.2)
    heard: list[str | None] = []
    busy = await Database.open(settings)
    try:
        listening = Listener(settings, busy)
        listening.on("news", heard.append)
        async with busy.connection() as connection, running(listening):

            async def is_looked_after() -> bool:
                return bool(await connection.fetchval(LOOKED_AFTER))

            await eventually(is_looked_after, what="a look at the connection instead")
            await connection.execute("SELECT pg_notify('news', 'a')")
            await eventually(told(heard, 1), what="a notification")
        assert heard == ["a"]
        assert listening.complaint is None
    finally:
        await busy.close()
