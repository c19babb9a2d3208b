"""Opens connections, to Postgres itself or to a pooler before it.

A pooler such as PgBouncer, in its transaction mode, runs each transaction in whichever of the
server's processes is free. So nothing of a session outlasts one: no prepared statement, no LISTEN,
no lock, no setting. What needs a session has an address of its own (`DATABASE_LISTEN_URL`).
"""

from typing import Any, Final

import asyncpg

from core.errors import StoreRefused
from store.translation import translated

_STATEMENTS_KEPT: Final = 100
"""Prepared statements of one connection."""

PAST_A_POOLER: Final = (
    "DATABASE_LISTEN_URL must reach Postgres itself, past the pooler that DATABASE_URL leads to"
)


class Connector:
    """Opens a pool's connections, each in the way that suits what it reaches.

    Past a pooler no statement stays prepared, which costs a second round trip every time.
    """

    def __init__(self) -> None:
        self._statements_kept = _STATEMENTS_KEPT

    async def __call__(self, *address: Any, timeout: float, **options: Any) -> Any:
        """In the place of `asyncpg.connect`, whose errors it raises."""
        options["timeout"] = timeout
        kept = self._statements_kept
        connection, is_pooled = await connect(*address, **options, statement_cache_size=kept)
        self._statements_kept = 0 if is_pooled else _STATEMENTS_KEPT
        if is_pooled and kept:
            await connection.close(timeout=timeout)
            return await asyncpg.connect(*address, **options, statement_cache_size=0)
        return connection


async def connect_past_poolers(dsn: str, *, timeout_s: float) -> Any:
    """A connection with a session of its own, for whoever calls to close.

    Raises `StoreUnavailable`, and `StoreRefused` where the address leads to a pooler.
    """
    with translated():
        connection, is_pooled = await connect(dsn, timeout=timeout_s, statement_cache_size=0)
        if is_pooled:
            await connection.close(timeout=timeout_s)
            raise StoreRefused(PAST_A_POOLER)
        return connection


async def connect(*address: Any, **options: Any) -> tuple[Any, bool]:
    """A connection of asyncpg's, and whether a pooler is in between: somebody else runs its
    statements than who let it in.

    A pooler makes up the process id that it greets with. The question is safe to ask of one: sent
    as plain text, it leaves no statement behind.
    """
    connection = await asyncpg.connect(*address, **options)
    try:
        greeted = connection.get_server_pid()
        answer = await connection.execute(f"SELECT WHERE pg_backend_pid() = {int(greeted)}")
        return connection, answer != "SELECT 1"
    except BaseException:
        connection.terminate()
        raise
