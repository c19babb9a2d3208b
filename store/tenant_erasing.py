"""Erases a tenant: all that was said, given and made; of its money and its calls the figures stay.

    sessions     their words (`store.erasing`), addresses, deliveries
    the rest     bots, documents, endpoints, secrets, kept answers, who asked and who did what
    keys         blank and revoked: sessions were paid by them
    the tenant   a row without a name, to which ledger and sessions belong

Some rows a transaction, in any order of runs: one that was cut short is begun again.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from core.errors import StoreError
from store.erasing import ErasingRepository
from store.pool import Connection, Database
from store.records import SessionId, TenantId
from store.repository import Repository

BATCH: Final = 200
"""Rows in one transaction."""
NAME: Final = "(erased)"

_NEXT_SESSIONS: Final = """
SELECT id, created_at FROM sessions
WHERE tenant_id = $1 AND ($2::uuid IS NULL OR (created_at, id) < (
    SELECT created_at, id FROM sessions WHERE id = $2))
ORDER BY created_at DESC, id DESC LIMIT $3 FOR NO KEY UPDATE"""
_FORGET_ADDRESSES: Final = "UPDATE sessions SET webhook_url = NULL WHERE id = ANY($1::uuid[])"
_FORGET_DELIVERIES: Final = "DELETE FROM webhook_deliveries WHERE session_id = ANY($1::uuid[])"
# Each deletes up to $2 rows of the tenant $1; a bot's documents and versions go before it.
_OWNED: Final[Mapping[str, str]] = {
    "documents": """
DELETE FROM documents WHERE id IN (
    SELECT d.id FROM documents d JOIN bots b ON b.id = d.bot_id WHERE b.tenant_id = $1 LIMIT $2)
RETURNING id""",
    "bot versions": """
DELETE FROM bot_versions WHERE (bot_id, number) IN (
    SELECT v.bot_id, v.number FROM bot_versions v JOIN bots b ON b.id = v.bot_id
    WHERE b.tenant_id = $1 LIMIT $2)
RETURNING bot_id""",
    "bots": """
DELETE FROM bots WHERE id IN (SELECT id FROM bots WHERE tenant_id = $1 LIMIT $2) RETURNING id""",
    "webhooks": """
DELETE FROM webhooks WHERE id IN (SELECT id FROM webhooks WHERE tenant_id = $1 LIMIT $2)
RETURNING id""",
    "default secret": """
DELETE FROM webhook_default_secrets WHERE tenant_id = $1 AND $2 > 0 RETURNING tenant_id""",
    "kept answers": """
DELETE FROM idempotency_keys WHERE claim IN (
    SELECT claim FROM idempotency_keys WHERE tenant_id = $1 LIMIT $2)
RETURNING claim""",
    "people": """
DELETE FROM subject_windows WHERE (tenant_id, subject) IN (
    SELECT tenant_id, subject FROM subject_windows WHERE tenant_id = $1 LIMIT $2)
RETURNING subject""",
    "audit": """
DELETE FROM audit WHERE id IN (
    SELECT id FROM audit WHERE tenant_id = $1 AND actor_kind <> 'cli' LIMIT $2)
RETURNING id""",
}
_BLANK_KEYS: Final = """
UPDATE api_keys
SET name = $2, prefix = '', hash = sha256(id::text::bytea || uuid_send(gen_random_uuid())),
    allowed_domains = '', allowed_models = '', is_active = false,
    revoked_at = coalesce(revoked_at, now())
WHERE tenant_id = $1"""
_BLANK_TENANT: Final = """
UPDATE tenants SET name = $2, erased_at = coalesce(erased_at, now())
WHERE id = $1 AND suspended_at IS NOT NULL RETURNING id"""


async def erase_tenant(database: Database, tenant_id: TenantId) -> None:
    """Everything of a tenant that is suspended. Raises `StoreError`; what was done stays done."""
    after: SessionId | None = None
    while True:
        async with database.transaction() as connection:
            after = await _TenantErasing(connection, tenant_id).erase_sessions(after)
        if after is None:
            break
    for statement in _OWNED.values():
        n_gone = BATCH
        while n_gone == BATCH:
            async with database.transaction() as connection:
                n_gone = await _TenantErasing(connection, tenant_id).delete_some(statement)
    async with database.transaction() as connection:
        await _TenantErasing(connection, tenant_id).blank()


class _TenantErasing(Repository):
    def __init__(self, connection: Connection, tenant_id: TenantId) -> None:
        super().__init__(connection)
        self._tenant_id = tenant_id

    async def erase_sessions(self, after: SessionId | None) -> SessionId | None:
        """The last one's id, None where no more can follow."""
        rows = await self._rows(_NEXT_SESSIONS, self._tenant_id, after, BATCH)
        ids: list[UUID] = [row["id"] for row in rows]
        erasing = ErasingRepository(self._connection)
        for session_id in ids:
            await erasing.erase(self._tenant_id, SessionId(session_id))
        await self._row(_FORGET_DELIVERIES, ids)
        await self._row(_FORGET_ADDRESSES, ids)
        return SessionId(ids[-1]) if len(ids) == BATCH else None

    async def delete_some(self, statement: str) -> int:
        return len(await self._rows(statement, self._tenant_id, BATCH))

    async def blank(self) -> None:
        await self._row(_BLANK_KEYS, self._tenant_id, NAME)
        if await self._row(_BLANK_TENANT, self._tenant_id, NAME) is None:
            raise StoreError("a tenant is erased once it is suspended")
