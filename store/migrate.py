"""Brings a database's schema to what this code needs: numbered files, forward only."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import asyncpg

from store.pool import Connection
from store.translation import translated

# Any number will do, as long as nothing else on the server takes the same lock.
_LOCK_ID: Final = 7_310_447_220_931
_LOCK_WAIT_S: Final = 60
_CONNECT_TIMEOUT_S: Final = 10.0
_FILE_NAME: Final = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")

_CREATE_LEDGER: Final = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version    integer PRIMARY KEY,
    name       text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)"""
_APPLIED: Final = "SELECT version FROM schema_migrations"
_LEDGER_EXISTS: Final = "SELECT to_regclass('schema_migrations') IS NOT NULL"
_RECORD: Final = "INSERT INTO schema_migrations (version, name) VALUES ($1, $2)"
_LOCK: Final = "SELECT pg_advisory_lock($1)"


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file."""

    version: int
    name: str
    sql: str


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
    """Apply what is missing, each file in a transaction of its own; returns their names.

    Processes that start together wait for each other. Raises `StoreUnavailable`.
    """
    with translated():
        connection = await asyncpg.connect(
            dsn,
            timeout=_CONNECT_TIMEOUT_S,
            server_settings={"lock_timeout": f"{_LOCK_WAIT_S}s"},
        )
        try:
            await connection.execute(_LOCK, _LOCK_ID)
            return await _apply_missing(connection)
        finally:
            await connection.close(timeout=_CONNECT_TIMEOUT_S)


async def pending(connection: Connection) -> list[str]:
    """The names of the migrations that this database lacks."""
    if not await connection.fetchval(_LEDGER_EXISTS):
        return [one.name for one in migrations()]
    return [one.name for one in await _missing(connection)]


async def _missing(connection: Connection) -> list[Migration]:
    applied = {row["version"] for row in await connection.fetch(_APPLIED)}
    return [one for one in migrations() if one.version not in applied]


async def _apply_missing(connection: Connection) -> list[str]:
    await connection.execute(_CREATE_LEDGER)
    missing = await _missing(connection)
    for migration in missing:
        async with connection.transaction():
            await connection.execute(migration.sql)
            await connection.execute(_RECORD, migration.version, migration.name)
    return [one.name for one in missing]
