"""Seals anew, under the first key of the ring, what an earlier one sealed.

    webhooks, default secrets     the secret that signs
    bots with their versions,
    living sessions               the headers of their tools
    kept answers                  not: each is erased after a day

It may be cut short and begun again, and runs while everything serves: a row that changes meanwhile
keeps what it was changed to, which the first key has sealed.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Final
from uuid import UUID

import asyncpg

from store.pool import Connection, Database
from store.records import TenantId
from store.repository import Repository
from store.sealing import SealBroken, Sealer
from store.secrets import about_secret
from store.tools import headers_sealed_anew

_PAGE: Final = 500
_BEFORE_ALL: Final = UUID(int=0)

# Only names of tables and columns are filled into these.
_SECRETS: Final = {"webhooks": "id", "webhook_default_secrets": "tenant_id"}
_NEXT_SECRETS: Final = """
SELECT {key} AS id, tenant_id, sealed_secret, previous_sealed_secret FROM {table}
WHERE {key} > $1 ORDER BY {key} LIMIT $2"""
_KEEP_SECRET: Final = """
UPDATE {table} SET sealed_secret = $3, previous_sealed_secret = $4
WHERE {key} = $1 AND sealed_secret = $2 RETURNING {key}"""  # noqa: S105 - a statement
_TOOLS: Final = {"sessions": "status IN ('created', 'active')"}
_NEXT_TOOLS: Final = """
SELECT id, tenant_id, config -> 'tools' AS tools FROM {table}
WHERE id > $1 AND config ? 'tools' AND {which} ORDER BY id LIMIT $2"""
_KEEP_TOOLS: Final = """
UPDATE {table} SET config = jsonb_set(config, '{{tools}}', $3)
WHERE id = $1 AND config -> 'tools' = $2 RETURNING id"""

_BOT_TOOLS: Final = {"bots": "nothing"}
_NEXT_BOTS: Final = """
SELECT id, tenant_id FROM bots b
WHERE id > $1 AND (config ? 'tools' OR EXISTS (
    SELECT FROM bot_versions WHERE bot_id = b.id AND config ? 'tools'))
ORDER BY id LIMIT $2"""
# Until the transaction ends nobody publishes, restores or changes.
_LOCK_BOT: Final = "SELECT FROM bots WHERE id = $1 FOR NO KEY UPDATE"
_TOOLS_OF_BOT: Final = """
SELECT NULL AS number, config -> 'tools' AS tools FROM bots WHERE id = $1 AND config ? 'tools'
UNION ALL
SELECT number, config -> 'tools' FROM bot_versions WHERE bot_id = $1 AND config ? 'tools'"""
_KEEP_DRAFT: Final = """
UPDATE bots SET config = jsonb_set(config, '{tools}', $2) WHERE id = $1 RETURNING id"""
_KEEP_VERSION: Final = """
UPDATE bot_versions SET config = jsonb_set(config, '{tools}', $2)
WHERE bot_id = $1 AND number = $3 RETURNING number"""


@dataclass(slots=True)
class Rotation:
    """`resealed`: rows by table; `broken`: those that no key of the ring opens, as table and id;
    `tenants`: whose rows were sealed anew."""

    resealed: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[str, UUID]] = field(default_factory=list)
    tenants: set[TenantId] = field(default_factory=set)


async def rotate(database: Database, sealer: Sealer) -> Rotation:
    """Everything, some rows a transaction. Raises `StoreUnavailable`; what was done stays done."""
    done = Rotation()
    kinds: tuple[tuple[Mapping[str, str], type[_Rows]], ...] = (
        (_SECRETS, _Secrets),
        (_BOT_TOOLS, _BotTools),
        (_TOOLS, _Tools),
    )
    for tables, kind in kinds:
        for table, detail in tables.items():
            after: UUID | None = _BEFORE_ALL
            while after is not None:
                async with database.transaction() as connection:
                    rows = kind(connection, sealer, table, detail)
                    after = await _seal_page(rows, table, after, done)
    return done


async def _seal_page(rows: "_Rows", table: str, after: UUID, done: Rotation) -> UUID | None:
    """The last row's id, None where no more can follow."""
    page = await rows.next(after)
    for row in page:
        try:
            if await rows.seal_anew(row):
                done.resealed[table] += 1
                done.tenants.add(TenantId(row["tenant_id"]))
        except SealBroken:
            done.broken.append((table, row["id"]))
    return page[-1]["id"] if len(page) == _PAGE else None


class _Rows(Repository, ABC):
    """Of one table. `detail` is what its statements differ in."""

    def __init__(self, connection: Connection, sealer: Sealer, table: str, detail: str) -> None:
        super().__init__(connection)
        self._sealer = sealer
        self._table = table
        self._detail = detail

    def _headers_anew(self, row: asyncpg.Record) -> Callable[[str], str]:
        """What seals headers of the row's tenant anew."""
        return partial(headers_sealed_anew, self._sealer, TenantId(row["tenant_id"]))

    @abstractmethod
    async def next(self, after: UUID) -> list[asyncpg.Record]:
        """A page of them: `id`, `tenant_id` and what is sealed."""

    @abstractmethod
    async def seal_anew(self, row: asyncpg.Record) -> bool:
        """False where the first key has sealed it. Raises `SealBroken`."""


class _Secrets(_Rows):
    async def next(self, after: UUID) -> list[asyncpg.Record]:
        statement = _NEXT_SECRETS.format(table=self._table, key=self._detail)
        return await self._rows(statement, after, _PAGE)

    async def seal_anew(self, row: asyncpg.Record) -> bool:
        before, previous = row["sealed_secret"], row["previous_sealed_secret"]
        after = self._sealer.sealed_anew(before, about=about_secret(row["id"]))
        previous_after = self._previous_anew(row)
        if after is None and previous_after == previous:
            return False
        statement = _KEEP_SECRET.format(table=self._table, key=self._detail)
        kept = await self._row(statement, row["id"], before, after or before, previous_after)
        return kept is not None

    def _previous_anew(self, row: asyncpg.Record) -> bytes | None:
        """One that nobody can open any more is worth nothing."""
        previous: bytes | None = row["previous_sealed_secret"]
        if previous is None:
            return None
        try:
            return self._sealer.sealed_anew(previous, about=about_secret(row["id"])) or previous
        except SealBroken:
            return None


class _Tools(_Rows):
    async def next(self, after: UUID) -> list[asyncpg.Record]:
        statement = _NEXT_TOOLS.format(table=self._table, which=self._detail)
        return await self._rows(statement, after, _PAGE)

    async def seal_anew(self, row: asyncpg.Record) -> bool:
        before = row["tools"]
        after = _tools_anew(before, self._headers_anew(row))
        if after == before:
            return False
        statement = _KEEP_TOOLS.format(table=self._table)
        return await self._row(statement, row["id"], before, after) is not None


class _BotTools(_Rows):
    """Of a bot's draft and all its versions at once: what is one text in several of them is one
    text afterwards, by which they are known to be alike."""

    async def next(self, after: UUID) -> list[asyncpg.Record]:
        return await self._rows(_NEXT_BOTS, after, _PAGE)

    async def seal_anew(self, row: asyncpg.Record) -> bool:
        await self._row(_LOCK_BOT, row["id"])
        headers_anew = cache(self._headers_anew(row))
        has_changed, broken = False, None
        for kept in await self._rows(_TOOLS_OF_BOT, row["id"]):
            try:
                after = _tools_anew(kept["tools"], headers_anew)
            except SealBroken as exc:  # one that is lost takes no other with it
                broken = exc
                continue
            if after != kept["tools"]:
                has_changed = True
                await self._keep(row["id"], kept["number"], after)
        if broken is not None:
            raise broken
        return has_changed

    async def _keep(self, bot_id: UUID, number: int | None, tools: list[Any]) -> None:
        if number is None:
            await self._row(_KEEP_DRAFT, bot_id, tools)
        else:
            await self._row(_KEEP_VERSION, bot_id, tools, number)


def _tools_anew(tools: list[Any], headers_anew: Callable[[str], str]) -> list[Any]:
    """What a config keeps of its tools, their headers sealed anew. Raises `SealBroken`."""
    return [{**one, "sealed_headers": headers_anew(one["sealed_headers"])} for one in tools]
