"""Recordings: which objects of their store belong to which session, and which are to go.

    announced ─▶ stored ─▶ discarded ─▶ no row: the store has it no more
        └───────────────────▲

An object is announced before it is put, so that whatever the store may hold has a row, by which an
erasure reaches it.
"""

from dataclasses import dataclass
from typing import Final

import asyncpg

from store.records import SessionId
from store.repository import Repository

MEDIA_TYPE: Final = "audio/ogg; codecs=opus"
COMPLETE_S: Final = 30.0
"""So long after a session's end what there is is taken for all of it: a piece of its last holder's
that has not come by then is on a machine that is away."""

# The session's row is locked so that an erasure comes before or after, and sees it then.
_ANNOUNCE: Final = """
WITH known AS (
    SELECT id, tenant_id, coalesce(ended_at, now()) AS kept_from FROM sessions
    WHERE id = $1 AND erased_at IS NULL FOR SHARE
)
INSERT INTO recordings AS r
    (key, tenant_id, session_id, epoch, n_pieces, is_playable, duration_ms, kept_from)
SELECT tenant_id || '/' || id || '/' || $2, tenant_id, id, $3, $4, $5, $6, kept_from FROM known
ON CONFLICT (key) DO UPDATE SET duration_ms = excluded.duration_ms WHERE r.state <> 'discarded'
RETURNING key"""
_KEEP: Final = """
UPDATE recordings SET state = 'stored' WHERE key = $1 AND state <> 'discarded'
RETURNING session_id, epoch, n_pieces"""
_REPLACE: Final = """
UPDATE recordings SET state = 'discarded'
WHERE session_id = $1 AND epoch IS NULL AND n_pieces < $2 AND state <> 'discarded'"""
_PIECES: Final = """
SELECT key, epoch, n_pieces, is_playable, duration_ms FROM recordings
WHERE session_id = $1 AND epoch IS NOT NULL AND state = 'stored' ORDER BY epoch, key"""
_FIND: Final = """
SELECT r.key, r.epoch, r.n_pieces, r.is_playable, r.duration_ms
FROM recordings r JOIN sessions s ON s.id = r.session_id
WHERE s.id = $1 AND r.state = 'stored' AND r.is_playable AND (
    s.ended_at < now() - make_interval(secs => $2)
    OR s.ended_at IS NOT NULL AND (
        SELECT count(*) = r.n_pieces AND max(p.epoch) >= s.epoch FROM recordings p
        WHERE p.session_id = s.id AND p.epoch IS NOT NULL AND p.state = 'stored'))
ORDER BY r.n_pieces DESC, r.epoch NULLS FIRST LIMIT 1"""
DISCARD_OF_SESSION: Final = """
UPDATE recordings SET state = 'discarded' WHERE session_id = $1 AND state <> 'discarded'"""
_DISCARDED: Final = """
SELECT key FROM recordings WHERE state = 'discarded' AND key > $1 ORDER BY key LIMIT $2"""
_FORGET: Final = "DELETE FROM recordings WHERE key = $1 AND state = 'discarded'"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecording:
    """What is about to be put into the store as `name`: a job's piece, or (without an epoch) what
    was put together of `n_pieces`. One that is playable begins with its session and lacks
    nothing."""

    session_id: SessionId
    name: str
    epoch: int | None = None
    n_pieces: int = 1
    is_playable: bool = True
    duration_ms: int


@dataclass(frozen=True, slots=True)
class RecordingRecord:
    """An object that is stored; `epoch` is None of what was put together."""

    key: str
    epoch: int | None
    n_pieces: int
    is_playable: bool
    duration_ms: int


class RecordingRepository(Repository):
    """Keeps what is known of recordings."""

    async def announce(self, new: NewRecording) -> str | None:
        """The key under which to put it; None where nobody wants it any more: the session was
        erased, or is not known, or the object was discarded."""
        row = await self._row(
            _ANNOUNCE,
            new.session_id,
            new.name,
            new.epoch,
            new.n_pieces,
            new.is_playable,
            new.duration_ms,
        )
        return None if row is None else str(row["key"])

    async def keep(self, key: str) -> bool:
        """It is stored, and what was put together of fewer pieces is not needed any more. False
        where it was discarded meanwhile. Call it in a transaction."""
        row = await self._row(_KEEP, key)
        if row is not None and row["epoch"] is None:
            await self._row(_REPLACE, row["session_id"], row["n_pieces"])
        return row is not None

    async def pieces(self, session_id: SessionId) -> list[RecordingRecord]:
        """All that are stored, in the order of their epochs."""
        return [_record_of(row) for row in await self._rows(_PIECES, session_id)]

    async def find(self, session_id: SessionId) -> RecordingRecord | None:
        """What there is of a session that is over, once its last holder's piece is in it, or was
        waited for long enough."""
        row = await self._row(_FIND, session_id, COMPLETE_S)
        return None if row is None else _record_of(row)

    async def discarded(self, limit: int, *, after: str = "") -> list[str]:
        """The keys of objects that are to go, in order, from the one after `after`."""
        return [row["key"] for row in await self._rows(_DISCARDED, after, limit)]

    async def forget(self, key: str) -> None:
        """The store has the object no more."""
        await self._row(_FORGET, key)


def _record_of(row: asyncpg.Record) -> RecordingRecord:
    return RecordingRecord(**row)
