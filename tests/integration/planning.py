"""The plan of a statement, whatever the tests have left in the tables."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from store.pool import Connection, Database

_TABLES: Final = "('sessions'::regclass, 'turns'::regclass)"


@asynccontextmanager
async def unseen_tables(database: Database) -> AsyncIterator[Connection]:
    """A connection whose planner knows nothing of the rows, as long as the block lasts; among the
    few that are there it would find any index as good. Nothing of it is kept."""
    async with database.connection() as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            await connection.execute(f"DELETE FROM pg_statistic WHERE starelid IN {_TABLES}")
            await connection.execute(
                f"UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE oid IN {_TABLES}"
            )
            await connection.execute("SET LOCAL enable_seqscan = off")
            yield connection
        finally:
            await transaction.rollback()


async def plan(connection: Connection, statement: str, *arguments: object) -> str:
    """What the planner says of it."""
    rows = await connection.fetch(f"EXPLAIN {statement}", *arguments)
    return "\n".join(row[0] for row in rows)
