"""Bots: prompts and settings that sessions start from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

import asyncpg

from core.errors import NotFoundError
from store.caps import LOCK_TENANT, require_room
from store.records import BotId, TenantId
from store.repository import Repository

_COLUMNS: Final = "id, tenant_id, name, system_prompt, config, is_active, created_at, updated_at"
# Only the constant above is filled into these.
_ADD: Final = f"""
INSERT INTO bots (id, tenant_id, name, system_prompt, config, is_active)
VALUES ($1, $2, $3, $4, $5, $6) RETURNING {_COLUMNS}"""  # noqa: S608
_GET: Final = f"SELECT {_COLUMNS} FROM bots WHERE id = $1 AND tenant_id = $2"  # noqa: S608
_LIST: Final = f"""
SELECT {_COLUMNS} FROM bots WHERE tenant_id = $1
ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3"""  # noqa: S608
_COUNT: Final = "SELECT count(*) FROM bots WHERE tenant_id = $1"
# A null leaves the column as it is; a null inside of `config` takes that field away.
_CHANGE: Final = f"""
UPDATE bots SET name = coalesce($3, name), system_prompt = coalesce($4, system_prompt),
    config = jsonb_strip_nulls(config || coalesce($5::jsonb, '{{}}')),
    is_active = coalesce($6, is_active), updated_at = now()
WHERE id = $1 AND tenant_id = $2 RETURNING {_COLUMNS}"""  # noqa: S608
_DELETE: Final = "DELETE FROM bots WHERE id = $1 AND tenant_id = $2 RETURNING id"


@dataclass(frozen=True, slots=True)
class BotFields:
    """What a bot consists of; None leaves a field as it is, or at its default in a new one."""

    name: str | None = None
    system_prompt: str | None = None
    config: Mapping[str, Any] | None = None
    is_active: bool | None = None


@dataclass(frozen=True, slots=True)
class BotRecord:
    """A bot. `config` holds JSON types; its key order is not kept."""

    id: BotId
    tenant_id: TenantId
    name: str
    system_prompt: str | None
    config: dict[str, Any]
    is_active: bool
    created_at: datetime
    updated_at: datetime


class BotRepository(Repository):
    """Makes, finds, changes and deletes bots."""

    async def require_room(self, tenant_id: TenantId, most: int | None) -> None:
        """Keep a place for one more until the transaction ends. Raises `CapReached`."""
        await self._row(LOCK_TENANT, tenant_id)
        require_room("bots", most, await self._count(tenant_id))

    async def add(self, tenant_id: TenantId, bot: BotFields) -> BotRecord:
        """Make a bot. Raises `ConflictError` for an unknown tenant or a name that is missing."""
        row = await self._row(
            _ADD,
            uuid4(),
            tenant_id,
            bot.name,
            bot.system_prompt,
            dict(bot.config or {}),
            bot.is_active is not False,
        )
        return _found(row)

    async def get(self, tenant_id: TenantId, bot_id: BotId) -> BotRecord:
        """The tenant's bot. Raises `NotFoundError`, also for another tenant's."""
        return _found(await self._row(_GET, bot_id, tenant_id))

    async def list_page(
        self, tenant_id: TenantId, limit: int, offset: int
    ) -> tuple[list[BotRecord], int]:
        """The page, newest first, and how many bots the tenant has."""
        rows = await self._rows(_LIST, tenant_id, limit, offset)
        return [BotRecord(**row) for row in rows], await self._count(tenant_id)

    async def change(self, tenant_id: TenantId, bot_id: BotId, change: BotFields) -> BotRecord:
        """The bot with the fields of `change`; its config's fields are replaced one by one, a
        None there takes a field away. Raises `NotFoundError`."""
        config = None if change.config is None else dict(change.config)
        values = (change.name, change.system_prompt, config, change.is_active)
        return _found(await self._row(_CHANGE, bot_id, tenant_id, *values))

    async def delete(self, tenant_id: TenantId, bot_id: BotId) -> None:
        """Delete it with its knowledge. Raises `NotFoundError`."""
        if await self._row(_DELETE, bot_id, tenant_id) is None:
            raise NotFoundError("no such bot")

    async def _count(self, tenant_id: TenantId) -> int:
        row = await self._row(_COUNT, tenant_id)
        return row[0] if row else 0


def _found(row: asyncpg.Record | None) -> BotRecord:
    if row is None:
        raise NotFoundError("no such bot")
    return BotRecord(**row)
