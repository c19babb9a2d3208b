"""What has been kept for long enough goes, some rows at a time.

    transcripts    sessions lose their words (`store.erasing`); times, latencies and costs stay
    deliveries     those that are over, with their attempts
    audit          entries
    endpoints      deliveries to those that are deleted, and them with the last

The ledger is never pruned: a balance is its sum.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from store.erasing import ErasingRepository
from store.repository import Repository

BATCH: Final = 200
"""Rows in one transaction: what it locks is free again within some ten milliseconds."""
# Any number will do, as long as nothing else on the server takes the same lock.
_LOCK_ID: Final = 7_310_447_220_932

_TAKE_TURN: Final = "SELECT pg_try_advisory_xact_lock($1)"
_OLD_SESSIONS: Final = """
SELECT id, tenant_id FROM sessions
WHERE erased_at IS NULL AND ended_at < now() - $1::interval
ORDER BY ended_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED"""
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


_FORGET_SUBJECTS: Final = """
DELETE FROM subject_windows WHERE started_at < now() - interval '1 day'"""


class Kind(StrEnum):
    """What is kept for a time."""

    TRANSCRIPTS = "transcripts"
    DELIVERIES = "deliveries"
    AUDIT = "audit"
    ENDPOINTS = "endpoints"


_STATEMENTS: Final = {
    Kind.DELIVERIES: _DELETE_DELIVERIES,
    Kind.AUDIT: _DELETE_AUDIT,
    Kind.ENDPOINTS: _DELETE_LOGS,
}


class PruningRepository(Repository):
    """Prunes. Call it in a transaction."""

    async def take_turn(self) -> bool:
        """Whether nobody else prunes now; the turn lasts as long as the transaction."""
        row = await self._row(_TAKE_TURN, _LOCK_ID)
        return row is not None and bool(row[0])

    async def forget_subjects(self) -> None:
        """Of people who have not asked for a day nothing is counted."""
        await self._row(_FORGET_SUBJECTS)

    async def prune(self, kind: Kind, kept_for: timedelta) -> int:
        """Up to `BATCH` of what is older; how many there were."""
        if kind is Kind.TRANSCRIPTS:
            return await self._erase_sessions(kept_for)
        n = len(await self._rows(_STATEMENTS[kind], kept_for, BATCH))
        if kind is Kind.ENDPOINTS and n < BATCH:
            await self._row(_DELETE_ENDPOINTS, kept_for)
        return n

    async def _erase_sessions(self, kept_for: timedelta) -> int:
        old = await self._rows(_OLD_SESSIONS, kept_for, BATCH)
        erasing = ErasingRepository(self._connection)
        for row in old:
            await erasing.erase(row["tenant_id"], row["id"])
        return len(old)
