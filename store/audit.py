"""Who did what: written in the transaction of what was done."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import asyncpg

from store.records import TenantId
from store.repository import Repository

_ADD: Final = """
INSERT INTO audit (tenant_id, actor_kind, actor_id, action, resource, address)
VALUES ($1, $2, $3, $4, $5, $6)"""
_LIST: Final = """
SELECT id, at, actor_kind, actor_id, action, resource, address FROM audit
WHERE tenant_id = $1 ORDER BY id DESC LIMIT $2 OFFSET $3"""
_COUNT: Final = "SELECT count(*) FROM audit WHERE tenant_id = $1"


class ActorKind(StrEnum):
    """How somebody was known: by an API key, a person's token, or an operator's shell."""

    KEY = "key"
    JWT = "jwt"
    CLI = "cli"


class Action(StrEnum):
    """What is worth knowing afterwards."""

    TENANT_CREATE = "tenant.create"
    TENANT_GRANT = "tenant.grant"
    TENANT_SET_PLAN = "tenant.set_plan"
    KEY_CREATE = "key.create"
    KEY_CHANGE = "key.change"
    KEY_ROTATE = "key.rotate"
    KEY_REVOKE = "key.revoke"
    WEBHOOK_CREATE = "webhook.create"
    WEBHOOK_CHANGE = "webhook.change"
    WEBHOOK_DELETE = "webhook.delete"
    SECRET_ROTATE = "secret.rotate"  # noqa: S105 - an action
    BOT_CREATE = "bot.create"
    BOT_CHANGE = "bot.change"
    BOT_DELETE = "bot.delete"
    SESSION_END = "session.end"
    SESSION_ERASE = "session.erase"
    SESSION_LISTEN = "session.listen"
    SECRETS_ROTATE = "secrets.rotate"


@dataclass(frozen=True, slots=True)
class Actor:
    """`id`: a key's id, a token's subject, or who ran the command; `address`: where from, None
    where that has none."""

    kind: ActorKind
    id: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """That somebody did something; `resource`: the id of what it was done to."""

    id: int
    at: datetime
    actor: Actor
    action: Action
    resource: str


class AuditRepository(Repository):
    """Keeps what was done, and tells it."""

    async def add(self, tenant_id: TenantId, actor: Actor, action: Action, resource: str) -> None:
        """One more entry. `resource`: the id of what it was done to."""
        await self._row(
            _ADD, tenant_id, actor.kind.value, actor.id, action.value, resource, actor.address
        )

    async def list_page(
        self, tenant_id: TenantId, limit: int, offset: int
    ) -> tuple[list[AuditRecord], int]:
        """The page, newest first, and how many entries the tenant has."""
        rows = await self._rows(_LIST, tenant_id, limit, offset)
        count = await self._row(_COUNT, tenant_id)
        return [_entry_of(row) for row in rows], count[0] if count else 0


def _entry_of(row: asyncpg.Record) -> AuditRecord:
    actor = Actor(ActorKind(row["actor_kind"]), row["actor_id"], row["address"])
    return AuditRecord(row["id"], row["at"], actor, Action(row["action"]), row["resource"])
