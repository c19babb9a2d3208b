"""Requests at a steady pace to one API, and who waits for a lock meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import asyncpg

N_CREATES: Final = 800
"""What the tenants that create have room for in a minute."""
_UNWATCHED: Final = "unwatched"
_SESSIONS: Final = "/v1/voice/sessions"
_BODY: Final = {"system_prompt": "You are a helpful assistant.", "voice": "shubh"}
_CREATE_EVERY_S: Final = 0.1
_READ_EVERY_S: Final = 0.01
_LOOK_EVERY_S: Final = 0.01
_TIMEOUT: Final = aiohttp.ClientTimeout(total=30)
_LONGEST_WAIT: Final = f"""
SELECT coalesce(1000 * extract(epoch FROM max(clock_timestamp() - waitstart)), 0)::float
FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE NOT granted AND application_name <> '{_UNWATCHED}'"""


@dataclass(frozen=True)
class Asked:
    """One request: when it left (monotonic), how long it took, what came."""

    method: str
    at_s: float
    took_ms: float
    status: str

    @property
    def is_failed(self) -> bool:
        return self.status not in {"200", "201"}


def told(failed: Sequence[str], longest_wait_ms: float) -> Sequence[str]:
    """Lines below a table: what failed, by what came, and who waited for a lock."""
    return (
        f"failed requests: {len(failed)} {' '.join(sorted(set(failed)))}",
        f"longest wait for a lock: {longest_wait_ms:.0f} ms",
    )


def unwatched(dsn: str) -> str:
    """For connections whose waits do not count."""
    return f"{dsn}{'&' if '?' in dsn else '?'}application_name={_UNWATCHED}"


@asynccontextmanager
async def loaded(url: str, rows: dict[str, Any]) -> AsyncIterator[list[Asked]]:
    """Requests until the block's end, appended as they are answered."""
    asked: list[Asked] = []
    async with aiohttp.ClientSession(url, timeout=_TIMEOUT) as http, asyncio.TaskGroup() as group:
        session = f"{_SESSIONS}/{rows['session_id']}"
        tasks = [
            group.create_task(_read(http, asked, rows["reader"], path))
            for path in (f"{_SESSIONS}?limit=50", session, f"{session}/transcript")
        ]
        tasks.append(group.create_task(_create(http, asked, rows["creators"])))
        yield asked
        for task in tasks:
            task.cancel()


async def _read(http: aiohttp.ClientSession, asked: list[Asked], key: str, path: str) -> None:
    while True:
        await _ask(http, asked, key, "GET", path)
        await asyncio.sleep(_READ_EVERY_S)


async def _create(http: aiohttp.ClientSession, asked: list[Asked], keys: Sequence[str]) -> None:
    """A tenant's turn comes again when its minute is over."""
    while True:
        for key in keys:
            await _ask(http, asked, key, "POST", _SESSIONS, _BODY)
            await asyncio.sleep(_CREATE_EVERY_S)


async def _ask(
    http: aiohttp.ClientSession,
    asked: list[Asked],
    key: str,
    method: str,
    path: str,
    body: object = None,
) -> None:
    at_s = time.monotonic()
    headers = {"Authorization": f"Bearer {key}"}
    try:
        async with http.request(method, path, headers=headers, json=body) as response:
            await response.read()
            status = str(response.status)
    except (aiohttp.ClientError, TimeoutError) as exc:
        status = type(exc).__name__
    asked.append(Asked(method, at_s, (time.monotonic() - at_s) * 1000, status))


@asynccontextmanager
async def lock_waits(dsn: str) -> AsyncIterator[list[float]]:
    """How long those who wait for a lock have waited so far, again and again until the end."""
    waits_ms: list[float] = []

    async def watch() -> None:
        connection = await asyncpg.connect(dsn)
        try:
            while True:
                waits_ms.append(await connection.fetchval(_LONGEST_WAIT))
                await asyncio.sleep(_LOOK_EVERY_S)
        finally:
            await connection.close()

    watching = asyncio.create_task(watch())
    try:
        yield waits_ms
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
