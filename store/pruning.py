"""What has been kept for long enough goes, some rows at a time.

    transcripts    sessions lose their words (`store.erasing`); times, latencies and costs stay
    recordings     objects are discarded: whoever looks after the store of recordings deletes them
    deliveries     those that are over, with their attempts
    audit          entries
    endpoints      deliveries to those that are deleted, and them with the last

The ledger is never pruned: a balance is its sum.
"""

from datetime import timedelta
from typing import Final

from store.erasing import ErasingRepository
from store.records import TenantId
from store.repository import Repository
from store.retention import Kind

BATCH: Final = 200
"""Rows in one transaction: what it locks is free again within some ten milliseconds."""
_LOCK_ID: Final = 7_310_447_220_932

_OLD_SESSIONS: Final = """
SELECT id, tenant_id FROM sessions
WHERE erased_at IS NULL AND ended_at < now() - $1::interval
ORDER BY ended_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED"""
_DISCARD_RECORDINGS: Final = """
UPDATE recordings SET state = 'discarded' WHERE key IN (
    SELECT key FROM recordings
    WHERE state <> 'discarded' AND kept_from < now() - $1::interval
    ORDER BY kept_from LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING key"""
_DELETE_DELIVERIES: Final = """
DELETE FROM webhook_deliveries WHERE id IN (
    SELECT id FROM webhook_deliveries
    WHERE status <> 'pending' AND created_at < now() - $1::interval
    ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING id"""
_DELETE_LOGS: Final = """
DELETE FROM webhook_deliveries WHERE id IN (
    SELECT d.id FROM webhooks w CROSS JOIN LATERAL (
        SELECT id FROM webhook_deliveries WHERE webhook_id = w.id LIMIT $2) d
    WHERE w.deleted_at <= now() - $1::interval LIMIT $2)
RETURNING id"""
_DELETE_ENDPOINTS: Final = """
DELETE FROM webhooks w
WHERE w.deleted_at <= now() - $1::interval
  AND NOT EXISTS (SELECT FROM webhook_deliveries d WHERE d.webhook_id = w.id)"""
# Only the first of them are looked at: they are the oldest, and there is no index by time.
_DELETE_AUDIT: Final = """
DELETE FROM audit WHERE id IN (
    SELECT id FROM (SELECT id, at FROM audit ORDER BY id LIMIT $2) AS first
    WHERE at < now() - $1::interval)
RETURNING id"""
# The same of one tenant, by its own age. A delivery belongs to an endpoint, or to the tenant alone.
_OLD_SESSIONS_OF: Final = """
SELECT id, tenant_id FROM sessions
WHERE tenant_id = $3 AND erased_at IS NULL AND ended_at < now() - $1::interval
ORDER BY ended_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED"""
_DISCARD_RECORDINGS_OF: Final = """
UPDATE recordings SET state = 'discarded' WHERE key IN (
    SELECT key FROM recordings
    WHERE tenant_id = $3 AND state <> 'discarded' AND kept_from < now() - $1::interval
    ORDER BY kept_from LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING key"""
_DELETE_DELIVERIES_OF: Final = """
DELETE FROM webhook_deliveries WHERE id IN (
    SELECT first.id
    FROM (SELECT $3::uuid AS id UNION ALL SELECT id FROM webhooks WHERE tenant_id = $3) target
    CROSS JOIN LATERAL (
        SELECT id, status, created_at FROM webhook_deliveries
        WHERE target = target.id ORDER BY seq LIMIT $2) first
    WHERE first.status <> 'pending' AND first.created_at < now() - $1::interval LIMIT $2)
RETURNING id"""
_DELETE_AUDIT_OF: Final = """
DELETE FROM audit WHERE id IN (
    SELECT id FROM (
        SELECT id, at FROM audit WHERE tenant_id = $3 ORDER BY id LIMIT $2) AS first
    WHERE at < now() - $1::interval)
RETURNING id"""

_FORGET_SUBJECTS: Final = """
DELETE FROM subject_windows WHERE started_at < now() - interval '1 day'"""

_OF_ALL: Final = {
    Kind.TRANSCRIPTS: _OLD_SESSIONS,
    Kind.RECORDINGS: _DISCARD_RECORDINGS,
    Kind.DELIVERIES: _DELETE_DELIVERIES,
    Kind.AUDIT: _DELETE_AUDIT,
    Kind.ENDPOINTS: _DELETE_LOGS,
}
_OF_ONE: Final = {
    Kind.TRANSCRIPTS: _OLD_SESSIONS_OF,
    Kind.RECORDINGS: _DISCARD_RECORDINGS_OF,
    Kind.DELIVERIES: _DELETE_DELIVERIES_OF,
    Kind.AUDIT: _DELETE_AUDIT_OF,
}


class PruningRepository(Repository):
    """Prunes. Call it in a transaction."""

    async def take_turn(self) -> bool:
        """Whether nobody else prunes now; the turn lasts as long as the transaction."""
        return await self._is_our_turn(_LOCK_ID)

    async def forget_subjects(self) -> None:
        """Of people who have not asked for a day nothing is counted."""
        await self._row(_FORGET_SUBJECTS)

    async def prune(self, kind: Kind, kept_for: timedelta, of: TenantId | None = None) -> int:
        """Up to `BATCH` of what is older, everybody's or one tenant's; how many there were."""
        if of is None:
            rows = await self._rows(_OF_ALL[kind], kept_for, BATCH)
        else:
            rows = await self._rows(_OF_ONE[kind], kept_for, BATCH, of)
        if kind is Kind.TRANSCRIPTS:
            erasing = ErasingRepository(self._connection)
            for row in rows:
                await erasing.erase(row["tenant_id"], row["id"])
        if kind is Kind.ENDPOINTS and len(rows) < BATCH:
            await self._row(_DELETE_ENDPOINTS, kept_for)
        return len(rows)
