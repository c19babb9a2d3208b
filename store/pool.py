"""Connections to Postgres: opened, typed, bounded in time, their errors translated."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final, Self, TypeAlias

import asyncpg

from core.metrics import DATABASE_WAIT_SECONDS, DATABASE_WAITS_FAILED
from core.setting_groups import DatabaseSettings
from store.connecting import Connector
from store.fair_share import FairShare
from store.translation import StoreReadOnly, translated

Connection: TypeAlias = asyncpg.Connection

SPARE_AFTER_S: Final = 0.5
"""So long is waited for the connection that is in use before another is opened beside it."""
SPARE_LASTS_S: Final = 10.0
"""Above the longest pause of whoever asks regularly: a heartbeat must not connect each time."""
_LASTS_S: Final = 300.0


class _PooledConnection(asyncpg.Connection):  # type: ignore[misc]
    """A connection that nothing is set on, so that giving it back costs no round trip.

    Listening, session settings and session locks need a connection of their own, past any pooler.
    """

    __slots__ = ()

    def get_reset_query(self) -> str:
        return ""


class Database:
    """A pool of connections. `open` it once in a process, `close` it at the end.

    Nothing is connected before the first use, so a process may start before its database does.
    """

    def __init__(
        self, pool: Any, connections: int, timeout_s: float, name: str, *, is_thrifty: bool
    ) -> None:
        self._pool = pool
        self._turn = asyncio.Lock() if is_thrifty else None
        self._share = FairShare(connections)
        self._waited = DATABASE_WAIT_SECONDS.labels(name)
        self._failed = DATABASE_WAITS_FAILED.labels(name)
        self._timeout_s = timeout_s

    @classmethod
    async def open(cls, settings: DatabaseSettings, *, name: str = "main") -> Self:
        """The pool that the settings describe. The name is fixed and few: it labels a metric."""
        return await cls._opened(settings, settings.pool_size, name, is_thrifty=False)

    @classmethod
    async def open_thrifty(cls, settings: DatabaseSettings, connections: int) -> Self:
        """One that serves its users by turns on one connection. Others, up to so many altogether,
        are opened where that one is held up, and not kept; for processes that are many and ask for
        little.
        """
        return await cls._opened(settings, connections, "main", is_thrifty=True)

    @classmethod
    async def _opened(
        cls, settings: DatabaseSettings, connections: int, name: str, *, is_thrifty: bool
    ) -> Self:
        pool = await asyncpg.create_pool(
            settings.url.get_secret_value(),
            min_size=0,
            max_size=connections,
            timeout=settings.timeout_s,
            command_timeout=settings.timeout_s,
            max_inactive_connection_lifetime=SPARE_LASTS_S if is_thrifty else _LASTS_S,
            connect=Connector(),
            init=_register_codecs,
            connection_class=_PooledConnection,
        )
        return cls(pool, connections, settings.timeout_s, name, is_thrifty=is_thrifty)

    async def close(self) -> None:
        """Close every connection; one that is still in use after the timeout is cut."""
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    @asynccontextmanager
    async def connection(
        self, *, spare_after_s: float = SPARE_AFTER_S
    ) -> AsyncIterator[Connection]:
        """A connection, each statement its own transaction.

        Raises `StoreUnavailable` when none is free in time or the database is away, `Crowded`; so
        does `transaction`. `spare_after_s` is for whoever is in a greater hurry than a thrifty
        pool.
        """
        try:
            with translated():
                async with self._by_turns(spare_after_s), self._lent() as connection:
                    yield connection
        except StoreReadOnly:
            # The address may lead to another server by now.
            await self._pool.expire_connections()
            raise

    @asynccontextmanager
    async def _by_turns(self, within_s: float) -> AsyncIterator[None]:
        is_ours = self._turn is not None and await _is_had(self._turn, within_s)
        try:
            yield
        finally:
            if self._turn is not None and is_ours:
                self._turn.release()

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[Connection]:
        began = time.monotonic()
        with self._failure_counted():
            whose = await self._share.take(self._timeout_s)
        try:
            with self._failure_counted():
                left_s = began + self._timeout_s - time.monotonic()
                connection = await self._pool.acquire(timeout=left_s)
            self._waited.observe(time.monotonic() - began)
            try:
                yield connection
            finally:
                await self._pool.release(connection)
        finally:
            self._share.give_back(whose)

    @contextmanager
    def _failure_counted(self) -> Iterator[None]:
        try:
            yield
        except TimeoutError:
            self._failed.inc()
            raise

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection whose statements hold together: committed at the end, or undone."""
        async with self.connection() as connection, connection.transaction():
            yield connection


async def _is_had(turn: asyncio.Lock, within_s: float) -> bool:
    try:
        async with asyncio.timeout(within_s):
            return await turn.acquire()
    except TimeoutError:
        return False


async def _register_codecs(connection: Connection) -> None:
    """JSON columns as Python values; `uuid` has its codec in asyncpg already."""
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_compact_json, decoder=json.loads
    )


def _compact_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
