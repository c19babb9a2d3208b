"""Putting down in the audit who did what."""

from uuid import UUID

from control_api.access.auth import Caller
from store.audit import Action, AuditRepository
from store.pool import Connection


async def note(
    connection: Connection,
    caller: Caller,
    action: Action,
    resource: UUID,
    *,
    why: str | None = None,
) -> None:
    """That the caller did it, in the transaction in which it is done."""
    audit = AuditRepository(connection)
    await audit.add(caller.tenant.id, caller.actor, action, str(resource), note=why)
