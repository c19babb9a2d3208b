"""Brings a database's schema to what this code needs: numbered files, forward only.

A file is applied in a transaction of its own, while a release serves on the same tables: a lock
that is not free at once is asked for again, so that nothing queues behind it. One whose first line
is `-- online` holds a single statement that must not be in a transaction, as CREATE INDEX
CONCURRENTLY: it may take hours, locks nobody out, and bears to be run again where it was cut short.
"""

import asyncio
import hashlib
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import Final

import asyncpg

from core.errors import StoreError, StoreUnavailable
from store.connecting import connect_past_poolers
from store.pool import Connection
from store.translation import translated

# Any number will do, as long as nothing else on the server takes the same lock.
_LOCK_ID: Final = 7_310_447_220_931
_TURN_WAIT_S: Final = 600.0
"""For another process that migrates: an index over many rows takes its time."""
_LOCK_WAIT_S: Final = 60.0
"""For the locks of one file, all tries together."""
_LOCK_TIMEOUT_MS: Final = 100
"""Of one try: so long do statements that come after it wait for nothing."""
_POLL_S: Final = 0.2
_CONNECT_TIMEOUT_S: Final = 10.0
_FILE_NAME: Final = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_ONLINE: Final = "-- online\n"

_CREATE_LEDGER: Final = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version    integer PRIMARY KEY,
    name       text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    checksum   text
)"""
_HAS_CHECKSUMS: Final = """
SELECT EXISTS (SELECT FROM pg_attribute
               WHERE attrelid = 'schema_migrations'::regclass AND attname = 'checksum')"""
_ADD_CHECKSUMS: Final = "ALTER TABLE schema_migrations ADD COLUMN checksum text"
_APPLIED: Final = "SELECT version FROM schema_migrations"
_CHECKSUMS: Final = "SELECT version, checksum FROM schema_migrations"
_LEDGER_EXISTS: Final = "SELECT to_regclass('schema_migrations') IS NOT NULL"
_RECORD: Final = "INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)"
_KEEP_CHECKSUM: Final = "UPDATE schema_migrations SET checksum = $2 WHERE version = $1"
_TAKE_TURN: Final = "SELECT pg_try_advisory_lock($1)"
_WAIT_BRIEFLY: Final = f"SET LOCAL lock_timeout = {_LOCK_TIMEOUT_MS}"
_HALF_BUILT: Final = """
SELECT quote_ident(relname) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace"""


class SchemaDiffers(StoreError):
    """The database was migrated by other files than these."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file."""

    version: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the file."""
        return hashlib.sha256(self.sql.encode()).hexdigest()

    @property
    def is_online(self) -> bool:
        """Whether it runs outside of a transaction."""
        return self.sql.startswith(_ONLINE)


@cache
def migrations() -> Sequence[Migration]:
    """Every packaged migration, in order."""
    found = []
    for entry in files("store.migrations").iterdir():
        if match := _FILE_NAME.fullmatch(entry.name):
            sql = entry.read_text(encoding="utf-8")
            found.append(Migration(int(match[1]), entry.name.removesuffix(".sql"), sql))
    return tuple(sorted(found, key=lambda one: one.version))


async def migrate(dsn: str) -> list[str]:
    """Apply what is missing of the packaged files; returns their names.

    Processes that start together wait for each other. Raises `StoreUnavailable`, and before
    anything is applied `SchemaDiffers`, or `StoreRefused` where a pooler is in between.
    """
    connection = await connect_past_poolers(dsn, timeout_s=_CONNECT_TIMEOUT_S)
    with translated():
        try:
            await _take_turn(connection)
            return await _apply_missing(connection)
        finally:
            await connection.close(timeout=_CONNECT_TIMEOUT_S)


async def pending(connection: Connection) -> list[str]:
    """The names of the migrations that this database lacks."""
    if not await connection.fetchval(_LEDGER_EXISTS):
        return [one.name for one in migrations()]
    applied = {row["version"] for row in await connection.fetch(_APPLIED)}
    return [one.name for one in migrations() if one.version not in applied]


async def _take_turn(connection: Connection) -> None:
    """Tried again and again: one that waits inside a statement has a snapshot, which an index that
    is built online waits for in its turn."""
    deadline = time.monotonic() + _TURN_WAIT_S
    while not await connection.fetchval(_TAKE_TURN, _LOCK_ID):
        if time.monotonic() > deadline:
            raise StoreUnavailable("another process has been migrating for too long")
        await asyncio.sleep(_POLL_S)


async def _apply_missing(connection: Connection) -> list[str]:
    await connection.execute(_CREATE_LEDGER)
    if not await connection.fetchval(_HAS_CHECKSUMS):
        await connection.execute(_ADD_CHECKSUMS)
    checksums = {row["version"]: row["checksum"] for row in await connection.fetch(_CHECKSUMS)}
    await _compare(connection, checksums)
    missing = [one for one in migrations() if one.version not in checksums]
    for migration in missing:
        if migration.is_online:
            await _apply_online(connection, migration)
        else:
            await _unless_locked(partial(_apply, connection, migration))
    return [one.name for one in missing]


async def _compare(connection: Connection, checksums: Mapping[int, str | None]) -> None:
    """What was applied must be what is there; of old ones that is only noted from now on."""
    for one in migrations():
        if one.version not in checksums:
            continue
        if checksums[one.version] is None:
            await connection.execute(_KEEP_CHECKSUM, one.version, one.checksum)
        elif checksums[one.version] != one.checksum:
            raise SchemaDiffers(f"migration {one.name} is not the file that was applied")


async def _apply(connection: Connection, migration: Migration) -> None:
    async with connection.transaction():
        await connection.execute(_WAIT_BRIEFLY)
        await connection.execute(migration.sql)
        await connection.execute(_RECORD, migration.version, migration.name, migration.checksum)


async def _apply_online(connection: Connection, migration: Migration) -> None:
    """What a run that was cut short left half built is in the way of its own name."""
    for row in await connection.fetch(_HALF_BUILT):
        await connection.execute(f"DROP INDEX CONCURRENTLY {row[0]}")
    await connection.execute(migration.sql)
    await connection.execute(_RECORD, migration.version, migration.name, migration.checksum)


async def _unless_locked(act: Callable[[], Awaitable[None]]) -> None:
    """Do it, again and again where somebody holds a lock that it needs."""
    deadline = time.monotonic() + _LOCK_WAIT_S
    while True:
        try:
            return await act()
        except asyncpg.LockNotAvailableError:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(_POLL_S)
