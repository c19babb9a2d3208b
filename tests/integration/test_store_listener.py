"""Notifications from a real Postgres, whatever becomes of the connection."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from pydantic import SecretStr

from core.setting_groups import DatabaseSettings
from store import listener
from store.listener import Listener
from store.pool import Database
from tests.eventually import eventually

CUT_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""


async def test_a_lost_connection_is_replaced_and_said(
    dsn: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "RETRY_WAIT_S", 0.05)
    monkeypatch.setattr(listener, "CHECK_S", 0.05)
    heard: list[str | None] = []
    listening = Listener(DatabaseSettings(url=SecretStr(dsn)), "news", heard.append)
    task = asyncio.create_task(listening.run())
    try:
        await eventually(told(heard, 1), what="the first listening")
        async with database.connection() as connection:
            await connection.execute("SELECT pg_notify('news', 'a')")
            await eventually(told(heard, 2), what="a notification")
            await connection.execute(CUT_OTHERS)
            await eventually(told(heard, 3), what="listening again")
            await connection.execute("SELECT pg_notify('news', 'b')")
            await eventually(told(heard, 4), what="a notification after that")
        assert listening.is_listening
    finally:
        task.cancel()
        await asyncio.wait([task])

    assert heard == [None, "a", None, "b"]
    assert not listening.is_listening


def told(heard: list[str | None], n: int) -> Callable[[], Awaitable[bool]]:
    async def are_told() -> bool:
        return len(heard) >= n

    return are_told
