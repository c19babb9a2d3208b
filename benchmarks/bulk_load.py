"""Many rows into a database of a run's own, as a dump is read in, each step told with its time."""

import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from store.pool import Connection

_BEFORE: Final = (
    "SET session_replication_role = replica",  # no trigger, no foreign key
    "SET maintenance_work_mem = '1GB'",
    "ALTER SYSTEM SET full_page_writes = off",
    "ALTER SYSTEM SET max_wal_size = '8GB'",
    "SELECT pg_reload_conf()",
)
_AFTER: Final = (
    "ALTER SYSTEM RESET full_page_writes",
    "ALTER SYSTEM RESET max_wal_size",
    "SELECT pg_reload_conf()",
)
_INDEXES: Final = """
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i
WHERE i.indrelid = ANY($1::regclass[])
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
ORDER BY 1"""


@asynccontextmanager
async def bulk_load(connection: Connection, *tables: str) -> AsyncIterator[None]:
    """The tables' indexes, but for those of constraints, are made anew at the block's end, and all
    is vacuumed: what is measured then meets no database that is still busy with it."""
    for statement in _BEFORE:
        await connection.execute(statement)
    indexes = await connection.fetch(_INDEXES, tables)
    for index in indexes:
        await connection.execute(f"DROP INDEX {index['name']}")
    yield
    for index in indexes:
        with timed(f"index {index['name']}"):
            await connection.execute(index["definition"])
    with timed("vacuum"):
        await connection.execute("VACUUM (ANALYZE)")
    for statement in _AFTER:
        await connection.execute(statement)
    with timed("checkpoint"):
        await connection.execute("CHECKPOINT")


@contextmanager
def timed(step: str) -> Iterator[None]:
    """Say how long it took."""
    began = time.monotonic()
    yield
    print(f"{step}: {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)
