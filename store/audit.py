"""Who did what: written in the transaction of what was done."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from store.records import TenantId
from store.repository import Repository

_ADD: Final = """
INSERT INTO audit (tenant_id, actor_kind, actor_id, action, resource, address)
VALUES ($1, $2, $3, $4, $5, $6)"""


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
    KEY_REVOKE = "key.revoke"
    SESSION_END = "session.end"
    SECRETS_ROTATE = "secrets.rotate"


@dataclass(frozen=True, slots=True)
class Actor:
    """`id`: a key's id, a token's subject, or who ran the command; `address`: where from, None
    where that has none."""

    kind: ActorKind
    id: str
    address: str | None = None


class AuditRepository(Repository):
    """Keeps what was done."""

    async def add(self, tenant_id: TenantId, actor: Actor, action: Action, resource: str) -> None:
        """One more entry. `resource`: the id of what it was done to."""
        await self._row(
            _ADD, tenant_id, actor.kind.value, actor.id, action.value, resource, actor.address
        )
