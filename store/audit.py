"""Who did what: written in the transaction of what was done."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import asyncpg

from store.pages import Listed, ListRepository, Order, Part
from store.records import TenantId

_ADD: Final = """
INSERT INTO audit (tenant_id, actor_kind, actor_id, action, resource, address, note)
VALUES ($1, $2, $3, $4, $5, $6, $7)"""
_OF_TENANT: Final = "audit WHERE tenant_id = $1"
_LIST: Final = f"""
SELECT id, at, actor_kind, actor_id, action, resource, address, note FROM {_OF_TENANT}"""  # noqa: S608
_ORDER: Final = Order(("id",), ("bigint",))


class ActorKind(StrEnum):
    """How somebody was known: by an API key, a person's token, or an operator's shell; or that it
    was nobody."""

    KEY = "key"
    JWT = "jwt"
    CLI = "cli"
    SYSTEM = "system"


class Action(StrEnum):
    """What is worth knowing afterwards."""

    TENANT_CREATE = "tenant.create"
    TENANT_GRANT = "tenant.grant"
    TENANT_SET_PLAN = "tenant.set_plan"
    TENANT_SET_RETENTION = "tenant.set_retention"
    TENANT_SUSPEND = "tenant.suspend"
    TENANT_RESUME = "tenant.resume"
    TENANT_ERASE = "tenant.erase"
    KEY_CREATE = "key.create"
    KEY_CHANGE = "key.change"
    KEY_ROTATE = "key.rotate"
    KEY_REVOKE = "key.revoke"
    WEBHOOK_CREATE = "webhook.create"
    WEBHOOK_CHANGE = "webhook.change"
    WEBHOOK_DELETE = "webhook.delete"
    WEBHOOK_DISABLE = "webhook.disable"
    SECRET_ROTATE = "secret.rotate"  # noqa: S105 - an action
    BOT_CREATE = "bot.create"
    BOT_CHANGE = "bot.change"
    BOT_PUBLISH = "bot.publish"
    BOT_RESTORE = "bot.restore"
    BOT_DELETE = "bot.delete"
    SESSION_END = "session.end"
    SESSION_ERASE = "session.erase"
    SESSION_LISTEN = "session.listen"
    RECORDING_READ = "recording.read"
    SECRETS_ROTATE = "secrets.rotate"


@dataclass(frozen=True, slots=True)
class Actor:
    """`id`: a key's id, a token's subject, who ran the command, or what part of us; `address`:
    where from, None where that has none."""

    kind: ActorKind
    id: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """That somebody did something; `resource`: the id of what it was done to; `note`: why, where
    that was said."""

    id: int
    at: datetime
    actor: Actor
    action: Action
    resource: str
    note: str | None


class AuditRepository(ListRepository):
    """Keeps what was done, and tells it."""

    async def add(
        self,
        tenant_id: TenantId,
        actor: Actor,
        action: Action,
        resource: str,
        *,
        note: str | None = None,
    ) -> None:
        """One more entry. `resource`: the id of what it was done to."""
        by = (actor.kind.value, actor.id)
        await self._row(_ADD, tenant_id, *by, action.value, resource, actor.address, note)

    async def list_page(self, tenant_id: TenantId, part: Part) -> Listed[AuditRecord]:
        """Part of the tenant's entries, newest first."""
        rows, end = await self._part(_LIST, [tenant_id], part, _ORDER)
        total = await self._total(_OF_TENANT, [tenant_id])
        return Listed([_entry_of(row) for row in rows], total, end)


def _entry_of(row: asyncpg.Record) -> AuditRecord:
    actor = Actor(ActorKind(row["actor_kind"]), row["actor_id"], row["address"])
    return AuditRecord(
        row["id"], row["at"], actor, Action(row["action"]), row["resource"], row["note"]
    )
