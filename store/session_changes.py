"""A tenant's sessions as they come and change, for a list that is shown live."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from store.records import SessionId, SessionRecord, TenantId
from store.repository import Repository
from store.sessions import COLUMNS, session_of

CHANGES_CHANNEL: Final = "session_changes"

_WATCH: Final = """
INSERT INTO session_list_watches AS w (tenant_id, watched_until) VALUES ($1, now() + $2)
ON CONFLICT (tenant_id) DO UPDATE
SET watched_until = greatest(w.watched_until, excluded.watched_until)"""
_READ: Final = f"""
SELECT {COLUMNS} FROM sessions WHERE tenant_id = $1 AND id = ANY($2::uuid[])
ORDER BY created_at, id"""  # noqa: S608 - only a constant is filled in


class SessionChangeRepository(Repository):
    """Has changes notified and reads what changed."""

    async def watch(self, tenant_id: TenantId, lasting: timedelta) -> None:
        """Have every session of the tenant that begins or changes notified, for so long."""
        await self._row(_WATCH, tenant_id, lasting)

    async def read(self, tenant_id: TenantId, ids: Collection[SessionId]) -> list[SessionRecord]:
        """Those sessions as they are now, the oldest first."""
        return [session_of(row) for row in await self._rows(_READ, tenant_id, list(ids))]


def change_of(payload: str) -> tuple[TenantId, SessionId]:
    """What a notification on the channel names."""
    tenant_id, _, session_id = payload.partition("/")
    return TenantId(UUID(tenant_id)), SessionId(UUID(session_id))
