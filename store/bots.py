"""Bots: prompts and settings that sessions start from, once they are published.

The row of a bot is its draft. What serves is a version (`store.bot_versions`), the first of which
is made with the bot.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

import asyncpg

from core.errors import NotFoundError
from store.audit import Actor
from store.caps import LOCK_TENANT, require_room
from store.pages import Listed, ListRepository, Part
from store.records import BotId, TenantId

_COLUMNS: Final = """
id, tenant_id, name, system_prompt, config, is_active, created_at, updated_at, version,
NOT EXISTS (
    SELECT FROM bot_versions v
    WHERE v.bot_id = bots.id AND v.number = bots.version AND v.config = bots.config
      AND v.system_prompt IS NOT DISTINCT FROM bots.system_prompt) AS has_unpublished_changes"""
_ADD: Final = """
WITH made AS (
    INSERT INTO bots (id, tenant_id, name, system_prompt, config, is_active)
    VALUES ($1, $2, $3, $4, $5, $6) RETURNING *)
INSERT INTO bot_versions (bot_id, number, system_prompt, config, published_at,
                          published_by_kind, published_by_id)
SELECT id, version, system_prompt, config, created_at, $7, $8 FROM made"""
# Only the columns above are filled into these.
_GET: Final = f"SELECT {_COLUMNS} FROM bots WHERE id = $1 AND tenant_id = $2"  # noqa: S608
_OF_TENANT: Final = "bots WHERE tenant_id = $1"
_LIST: Final = f"SELECT {_COLUMNS} FROM {_OF_TENANT}"  # noqa: S608
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
    """A bot. `config` holds JSON types; its key order is not kept. Prompt and config are the
    draft's, `version` is the number of what serves."""

    id: BotId
    tenant_id: TenantId
    name: str
    system_prompt: str | None
    config: dict[str, Any]
    is_active: bool
    created_at: datetime
    updated_at: datetime
    version: int
    has_unpublished_changes: bool


class BotRepository(ListRepository):
    """Makes, finds, changes and deletes bots."""

    async def require_room(self, tenant_id: TenantId, most: int | None) -> None:
        """Keep a place for one more until the transaction ends. Raises `CapReached`."""
        await self._row(LOCK_TENANT, tenant_id)
        total = await self._total(_OF_TENANT, [tenant_id])
        require_room("bots", most, total.n)

    async def add(self, tenant_id: TenantId, bot: BotFields, by: Actor) -> BotRecord:
        """Make a bot and publish it. Raises `ConflictError` for an unknown tenant or a name that is
        missing."""
        bot_id = BotId(uuid4())
        await self._row(
            _ADD,
            bot_id,
            tenant_id,
            bot.name,
            bot.system_prompt,
            dict(bot.config or {}),
            bot.is_active is not False,
            by.kind.value,
            by.id,
        )
        return await self.get(tenant_id, bot_id)

    async def get(self, tenant_id: TenantId, bot_id: BotId) -> BotRecord:
        """The tenant's bot. Raises `NotFoundError`, also for another tenant's."""
        return _found(await self._row(_GET, bot_id, tenant_id))

    async def list_page(self, tenant_id: TenantId, part: Part) -> Listed[BotRecord]:
        """Part of the tenant's bots, newest first."""
        rows, end = await self._part(_LIST, [tenant_id], part)
        total = await self._total(_OF_TENANT, [tenant_id])
        return Listed([BotRecord(**row) for row in rows], total, end)

    async def change(self, tenant_id: TenantId, bot_id: BotId, change: BotFields) -> BotRecord:
        """The bot with the fields of `change` in its draft, `is_active` and the name at once; its
        config's fields are replaced one by one, a None there takes a field away.

        Raises `NotFoundError`.
        """
        config = None if change.config is None else dict(change.config)
        values = (change.name, change.system_prompt, config, change.is_active)
        return _found(await self._row(_CHANGE, bot_id, tenant_id, *values))

    async def delete(self, tenant_id: TenantId, bot_id: BotId) -> None:
        """Delete it with its versions and its knowledge. Raises `NotFoundError`."""
        if await self._row(_DELETE, bot_id, tenant_id) is None:
            raise NotFoundError("no such bot")


def _found(row: asyncpg.Record | None) -> BotRecord:
    if row is None:
        raise NotFoundError("no such bot")
    return BotRecord(**row)
