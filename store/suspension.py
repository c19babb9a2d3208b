"""Suspends tenants and serves them again.

A suspension takes the tenant's turn to gain a place first: a session is created before it, and
ended by it, or not at all.
"""

from typing import Final

from core.errors import NotFoundError
from store.records import EndReason, SessionRecord, TenantId, TenantRecord
from store.repository import Repository
from store.sessions import SessionRepository
from store.tenants import COLUMNS, tenant_of

_LOCK: Final = "SELECT lock_places(id) FROM tenants WHERE id = $1"
# Behind the sessions, as a turn that is charged locks its session before its tenant.
_SUSPEND: Final = "UPDATE tenants SET suspended_at = coalesce(suspended_at, now()) WHERE id = $1"
_RESUME: Final = f"""
UPDATE tenants SET suspended_at = NULL WHERE id = $1 AND erased_at IS NULL
RETURNING {COLUMNS}"""  # noqa: S608 - only a constant is filled in


class SuspensionRepository(Repository):
    """Call it in a transaction."""

    async def suspend(self, tenant_id: TenantId) -> list[SessionRecord]:
        """Serve it nothing from now on; the sessions that this ends. Raises `NotFoundError`."""
        if await self._row(_LOCK, tenant_id) is None:
            raise NotFoundError("no such tenant")
        sessions = SessionRepository(self._connection)
        ended = await sessions.end_living(tenant_id, EndReason.API_DELETE)
        await self._row(_SUSPEND, tenant_id)
        return ended

    async def resume(self, tenant_id: TenantId) -> TenantRecord:
        """Serve it again. Raises `NotFoundError`, also for one that was erased."""
        row = await self._row(_RESUME, tenant_id)
        if row is None:
            raise NotFoundError("no such tenant, or it was erased")
        return tenant_of(row)
