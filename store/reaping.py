"""Sessions that nobody will end by themselves, found for the reaper."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import asyncpg

from store.records import SessionId, SessionStatus
from store.repository import Repository

OVERDUE_AFTER: Final = timedelta(seconds=30)
"""An active session is given up so long after its maximum duration."""

TOLD_S: Final = 7.0
"""A worker tells what it has taken every 5 s: of one that did not for so long nobody knows."""

HELD_OVERDUE_AFTER: Final = timedelta(hours=1)
"""Whoever holds it ends it by a clock that does not step, as this one may have."""

_OVERDUE: Final = """
SELECT id, room_name, status FROM sessions s
WHERE status = 'active'
  AND started_at + (config ->> 'max_duration_seconds')::integer * interval '1 s'
      + CASE WHEN EXISTS (SELECT FROM session_holds h
                          WHERE h.session_id = s.id AND h.lease_until > clock_timestamp())
             THEN $2::interval ELSE $1::interval END < now()
LIMIT $3"""
_EXPIRED: Final = """
SELECT id, room_name, status FROM sessions
WHERE status = 'created' AND created_at < now() - $1::interval
ORDER BY created_at LIMIT $2"""
_LIVING: Final = """
WITH taken AS MATERIALIZED (
    SELECT unnest(sessions) AS id FROM workers
    WHERE seen_at > clock_timestamp() - make_interval(secs => $3)
)
SELECT id, room_name, status, id IN (SELECT id FROM taken) AS is_taken FROM sessions s
WHERE status IN ('created', 'active') AND created_at > now() - $1::interval
  AND NOT EXISTS (SELECT FROM session_holds h WHERE h.session_id = s.id)
ORDER BY created_at DESC LIMIT $2"""
_CLAIM_DISPATCH: Final = """
UPDATE sessions SET redispatched_at = now()
WHERE id = $1 AND status IN ('created', 'active')
  AND (redispatched_at IS NULL
       OR redispatched_at NOT BETWEEN now() - $2::interval AND now() + $2::interval)
RETURNING id"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A session that may have to be looked after. `is_taken`: a worker says that it has a job for
    it, which may still wait for a process."""

    id: SessionId
    room_name: str
    status: SessionStatus
    is_taken: bool = False


class ReapingRepository(Repository):
    """Finds candidates; whether they end is decided by the statement that ends them."""

    async def overdue(self, limit: int) -> list[Candidate]:
        """Active past their maximum duration and the time to report their end."""
        rows = await self._rows(_OVERDUE, OVERDUE_AFTER, HELD_OVERDUE_AFTER, limit)
        return _candidates(rows)

    async def expired(self, token_life: timedelta, limit: int) -> list[Candidate]:
        """Created so long ago that their token lets nobody in any more, and never active."""
        return _candidates(await self._rows(_EXPIRED, token_life, limit))

    async def living(self, not_older: timedelta, limit: int) -> list[Candidate]:
        """The newest sessions that no agent holds or held, whose caller may be in their room."""
        return _candidates(await self._rows(_LIVING, not_older, limit, TOLD_S))

    async def claim_dispatch(self, session_id: SessionId, every: timedelta) -> bool:
        """Whether it is on this process to send for an agent; once in `every` over all of them."""
        return await self._row(_CLAIM_DISPATCH, session_id, every) is not None


def _candidates(rows: list[asyncpg.Record]) -> list[Candidate]:
    return [Candidate(**{**row, "status": SessionStatus(row["status"])}) for row in rows]
