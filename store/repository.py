"""What every repository stands on."""

from typing import Any, Final

import asyncpg

from store.pool import Connection
from store.translation import translated

_TAKE_TURN: Final = "SELECT pg_try_advisory_xact_lock($1)"


class Repository:
    """Statements on the caller's connection, in the caller's transaction.

    Every method of a repository may raise `StoreUnavailable`, and `ConflictError` when a named
    rule of the schema refuses its statement. `StoreRefused` is a fault of ours.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def _row(self, statement: str, *arguments: Any) -> asyncpg.Record | None:
        with translated():
            return await self._connection.fetchrow(statement, *arguments)

    async def _rows(self, statement: str, *arguments: Any) -> list[asyncpg.Record]:
        with translated():
            found: list[asyncpg.Record] = await self._connection.fetch(statement, *arguments)
            return found

    async def _is_our_turn(self, lock_id: int) -> bool:
        """Whether nobody else has the lock of that number; ours lasts as long as the transaction.

        Any number will do, as long as nothing else on the server takes the same lock.
        """
        row = await self._row(_TAKE_TURN, lock_id)
        return row is not None and bool(row[0])
