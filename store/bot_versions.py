"""Versions of bots: what serves, and what served before it.

    bots           the draft, and the number of the version that serves: the newest
    bot_versions   prompt and config as they were published; only their secrets are sealed anew

Name and `is_active` are the bot's own, and documents too: they have no versions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import asyncpg

from core.errors import NotFoundError
from store.audit import Actor, ActorKind
from store.bots import BotRecord, BotRepository
from store.pages import Listed, ListRepository, Order, Part
from store.records import BotId, TenantId

KEPT_VERSIONS: Final = 50
"""Of one bot, the one that serves among them; then the oldest go."""
DRAFT: Final = "draft"
"""In the place of a version's number: what was not published."""

_LOCK: Final = "SELECT FROM bots WHERE id = $1 AND tenant_id = $2 FOR NO KEY UPDATE"
_LISTED: Final = "number, changed_fields, published_at, published_by_kind, published_by_id, note"
_COLUMNS: Final = f"{_LISTED}, v.system_prompt, v.config"
# Only the columns above are filled into these.
_GET: Final = f"""
SELECT {_COLUMNS} FROM bot_versions v JOIN bots b ON b.id = v.bot_id
WHERE b.id = $1 AND b.tenant_id = $2 AND v.number = $3"""  # noqa: S608
_OF_BOT: Final = """
bot_versions v WHERE bot_id = $1 AND EXISTS (
    SELECT FROM bots b WHERE b.id = $1 AND b.tenant_id = $2)"""
_LIST: Final = f"SELECT {_LISTED} FROM {_OF_BOT}"  # noqa: S608
_ORDER: Final = Order(("number",), ("integer",))
_PUBLISH: Final = f"""
INSERT INTO bot_versions AS v (bot_id, number, system_prompt, config, changed_fields,
                               published_by_kind, published_by_id, note)
SELECT id, version + 1, system_prompt, config, $2, $3, $4, $5 FROM bots WHERE id = $1
RETURNING {_COLUMNS}"""  # noqa: S608
_SERVE: Final = "UPDATE bots SET version = $2 WHERE id = $1"
_PRUNE: Final = "DELETE FROM bot_versions WHERE bot_id = $1 AND number <= $2"
_RESTORE: Final = """
UPDATE bots b SET system_prompt = v.system_prompt, config = v.config, updated_at = now()
FROM bot_versions v
WHERE b.id = $1 AND b.tenant_id = $2 AND v.bot_id = b.id AND v.number = $3 RETURNING b.id"""
_SERVING: Final = """
SELECT b.is_active, v.number AS version, v.system_prompt, v.config
FROM bots b JOIN bot_versions v ON v.bot_id = b.id AND v.number = coalesce($3, b.version)
WHERE b.id = $1 AND b.tenant_id = $2"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedVersion:
    """That a draft was published. `changed_fields`: what differs from the version before it;
    `published_by`: None where nobody wrote that down; `note`: why, where that was said."""

    number: int
    changed_fields: list[str]
    published_at: datetime
    published_by: Actor | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRecord(ListedVersion):
    """A version with what it says."""

    system_prompt: str | None
    config: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ServingBot:
    """What a session takes over, by the number of its version, or of the draft."""

    is_active: bool
    version: int | Literal["draft"]
    system_prompt: str | None
    config: dict[str, Any]


class BotVersionRepository(ListRepository):
    """Publishes drafts, finds what was published, and makes drafts of it."""

    async def serving(
        self, tenant_id: TenantId, bot_id: BotId, wanted: int | Literal["draft"] | None = None
    ) -> ServingBot:
        """What serves the bot's sessions, or the one that is wanted instead.

        Raises `NotFoundError` for either.
        """
        if wanted == DRAFT:
            bot = await BotRepository(self._connection).get(tenant_id, bot_id)
            return ServingBot(bot.is_active, DRAFT, bot.system_prompt, bot.config)
        row = await self._row(_SERVING, bot_id, tenant_id, wanted)
        if row is None:
            raise NotFoundError("no such bot or version")
        return ServingBot(**row)

    async def get(self, tenant_id: TenantId, bot_id: BotId, number: int) -> VersionRecord:
        """The bot's version of that number. Raises `NotFoundError`."""
        return _found(await self._row(_GET, bot_id, tenant_id, number))

    async def list_page(
        self, tenant_id: TenantId, bot_id: BotId, part: Part
    ) -> Listed[ListedVersion]:
        """Part of the bot's versions, newest first. Raises `NotFoundError`."""
        total = await self._total(_OF_BOT, [bot_id, tenant_id])
        if total.n == 0:  # each bot has one
            raise NotFoundError("no such bot")
        rows, end = await self._part(_LIST, [bot_id, tenant_id], part, _ORDER)
        return Listed([ListedVersion(**_listed(row)) for row in rows], total, end)

    async def publish(
        self, tenant_id: TenantId, bot_id: BotId, by: Actor, *, note: str | None = None
    ) -> tuple[VersionRecord, bool]:
        """Make the draft the version that serves. False beside it: it was that already.

        Call it in a transaction. Raises `NotFoundError`.
        """
        await self._row(_LOCK, bot_id, tenant_id)
        draft = await BotRepository(self._connection).get(tenant_id, bot_id)
        serving = await self.get(tenant_id, bot_id, draft.version)
        if not draft.has_unpublished_changes:
            return serving, False
        changed = _changed_fields(_fields(serving), _fields(draft))
        made = _found(await self._row(_PUBLISH, bot_id, changed, by.kind.value, by.id, note))
        await self._row(_SERVE, bot_id, made.number)
        await self._row(_PRUNE, bot_id, made.number - KEPT_VERSIONS)
        return made, True

    async def restore(self, tenant_id: TenantId, bot_id: BotId, number: int) -> BotRecord:
        """The bot with that version as its draft. Raises `NotFoundError`."""
        if await self._row(_RESTORE, bot_id, tenant_id, number) is None:
            raise NotFoundError("no such version")
        return await BotRepository(self._connection).get(tenant_id, bot_id)


def _fields(bot: BotRecord | VersionRecord) -> dict[str, Any]:
    """Each field that a version has by its name."""
    config = {f"config.{name}": value for name, value in bot.config.items()}
    return {"system_prompt": bot.system_prompt, **config}


def _changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The names of those that are not alike, a field that is missing being None."""
    names = sorted({*before, *after})
    return [name for name in names if before.get(name) != after.get(name)]


def _found(row: asyncpg.Record | None) -> VersionRecord:
    if row is None:
        raise NotFoundError("no such version")
    return VersionRecord(**_listed(row), system_prompt=row["system_prompt"], config=row["config"])


def _listed(row: asyncpg.Record) -> dict[str, Any]:
    kind, published_by = row["published_by_kind"], None
    if kind is not None:
        published_by = Actor(ActorKind(kind), row["published_by_id"])
    names = ("number", "changed_fields", "published_at", "note")
    return {**{name: row[name] for name in names}, "published_by": published_by}
