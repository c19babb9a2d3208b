"""Connections to Postgres: opened, typed, bounded in time, their errors translated."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final, Self, TypeAlias

import asyncpg

from core.errors import ConflictError, StoreUnavailable
from core.setting_groups import DatabaseSettings

Connection: TypeAlias = asyncpg.Connection

_AWAY: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,  # shutting down, starting up, statement cancelled
    asyncpg.LockNotAvailableError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,  # refused, reset, no such socket; TimeoutError is one too
)


class _PooledConnection(asyncpg.Connection):  # type: ignore[misc]
    """A connection that nothing is set on, so that giving it back costs no round trip.

    Listening, session settings and session locks need a connection of their own.
    """

    __slots__ = ()

    def get_reset_query(self) -> str:
        return ""


class Database:
    """A pool of connections. `open` it once in a process, `close` it at the end.

    Nothing is connected before the first use, so a process may start before its database does.
    """

    def __init__(self, pool: Any, timeout_s: float) -> None:
        self._pool = pool
        self._timeout_s = timeout_s

    @classmethod
    async def open(cls, settings: DatabaseSettings) -> Self:
        """The pool that the settings describe."""
        pool = await asyncpg.create_pool(
            settings.url.get_secret_value(),
            min_size=0,
            max_size=settings.pool_size,
            timeout=settings.timeout_s,
            command_timeout=settings.timeout_s,
            init=_register_codecs,
            connection_class=_PooledConnection,
        )
        return cls(pool, settings.timeout_s)

    async def close(self) -> None:
        """Close every connection; one that is still in use after the timeout is cut."""
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection, each statement its own transaction.

        Raises `StoreUnavailable` when none is free in time or the database is away; so does
        `transaction`.
        """
        with translated():
            async with self._pool.acquire(timeout=self._timeout_s) as connection:
                yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection whose statements hold together: committed at the end, or undone."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def ping(self) -> None:
        """One round trip. Raises `StoreUnavailable`."""
        async with self.connection() as connection:
            await connection.execute("SELECT 1")


@contextmanager
def translated() -> Iterator[None]:
    """Turn what asyncpg raises into `StoreUnavailable` or `ConflictError`.

    The original is not chained: its text may quote the row.
    """
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as exc:
        raise ConflictError(exc.constraint_name or type(exc).__name__) from None
    except asyncpg.ClientConfigurationError:
        raise StoreUnavailable("DATABASE_URL is not a Postgres address") from None
    except _AWAY as exc:
        if isinstance(exc, ValueError):  # asyncpg's own DataError: our argument has the wrong type
            raise
        raise StoreUnavailable(type(exc).__name__) from None


async def _register_codecs(connection: Connection) -> None:
    """JSON columns as Python values; `uuid` has its codec in asyncpg already."""
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_compact_json, decoder=json.loads
    )


def _compact_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
