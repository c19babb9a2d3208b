"""Live events: told by the agent, numbered from 1 per session, read by any API process.

A writer and the one who closes a feed take its row first, so numbers are seen in their order and
nothing comes after the end. A feed that somebody watches is notified of; others cost nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import asyncpg

from core.errors import StaleError
from store.fence import held
from store.records import SessionId, TurnId
from store.repository import Repository

CHANNEL: Final = "session_events"
"""Where a session's id is notified when there is something to read."""
KEPT_FOR: Final = timedelta(minutes=5)
"""How long after its end a session's events are kept."""
LAST_WORDS: Final = timedelta(seconds=3)
"""How long the end waits for an agent that has not said that it left."""

_TELL: Final = f"""
WITH {held(8)}, feed AS (
    INSERT INTO session_feeds AS f (session_id, last_number, last_write, agent_left)
    SELECT id, $2, $3, $4 FROM held
    ON CONFLICT (session_id) DO UPDATE
    SET last_number = f.last_number + excluded.last_number, last_write = excluded.last_write,
        agent_left = excluded.agent_left
    WHERE NOT f.is_closed AND f.last_write IS DISTINCT FROM excluded.last_write
    RETURNING f.session_id, f.last_number, f.watched_until
), told AS (
    INSERT INTO session_events (session_id, number, kind, data, turn_id)
    SELECT feed.session_id, feed.last_number - $2 + new.n, new.kind, new.data, new.turn_id
    FROM feed, unnest($5::text[], $6::jsonb[], $7::uuid[]) WITH ORDINALITY
        AS new (kind, data, turn_id, n)
), notified AS (
    SELECT pg_notify('session_events', session_id::text) FROM feed WHERE watched_until > now()
)
SELECT held.id, (SELECT count(*) FROM notified) FROM held"""  # noqa: S608 - a number is filled in
_WATCH: Final = """
INSERT INTO session_feeds AS f (session_id, watched_until) VALUES ($1, now() + $2)
ON CONFLICT (session_id) DO UPDATE
SET watched_until = greatest(f.watched_until, excluded.watched_until) WHERE NOT f.is_closed"""
_READ: Final = """
SELECT s.ended_at IS NOT NULL AS has_ended, coalesce(f.is_closed, false) AS is_closed,
       coalesce(f.last_number, 0) AS last_number, e.number, e.kind, e.data, e.turn_id
FROM sessions s
LEFT JOIN session_feeds f ON f.session_id = s.id
LEFT JOIN LATERAL (
    SELECT number, kind, data, turn_id FROM session_events
    WHERE session_id = s.id AND number > $2 ORDER BY number LIMIT $3
) e ON true
WHERE s.id = $1 ORDER BY e.number"""
_CLOSE: Final = """
WITH closed AS (
    INSERT INTO session_feeds AS f (session_id, last_number, is_closed)
    SELECT s.id, 1, true FROM sessions s LEFT JOIN session_feeds f ON f.session_id = s.id
    WHERE s.id = $1 AND s.ended_at IS NOT NULL
      AND (s.started_at IS NULL OR f.agent_left OR s.ended_at < now() - $2::interval)
    ON CONFLICT (session_id) DO UPDATE SET last_number = f.last_number + 1, is_closed = true
    WHERE NOT f.is_closed
    RETURNING f.session_id
)
SELECT pg_notify('session_events', session_id::text) FROM closed"""
_PURGE: Final = """
WITH old AS (
    SELECT f.session_id FROM session_feeds f JOIN sessions s ON s.id = f.session_id
    WHERE NOT f.is_purged AND s.ended_at < now() - $1::interval
    LIMIT $2 FOR UPDATE OF f SKIP LOCKED
), gone AS (
    DELETE FROM session_events e USING old WHERE e.session_id = old.session_id
)
UPDATE session_feeds f
SET is_purged = true, is_closed = true,
    last_number = CASE WHEN f.is_closed THEN f.last_number ELSE f.last_number + 1 END
FROM old WHERE f.session_id = old.session_id
RETURNING f.session_id"""


class EventKind(StrEnum):
    """What is stored; the end is told by the feed being closed."""

    STATE = "state"
    TRANSCRIPT = "transcript"
    TURN = "turn"


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to tell: a turn by its id, everything else by its data."""

    kind: EventKind
    data: dict[str, Any] | None = None
    turn_id: TurnId | None = None


@dataclass(frozen=True, slots=True)
class EventRecord(NewEvent):
    """A told event."""

    number: int = 0


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Events after a number, and how the feed stood in the same instant.

    `last_number` is the end's own once the feed is closed.
    """

    events: Sequence[EventRecord]
    last_number: int
    has_ended: bool
    is_closed: bool


class EventRepository(Repository):
    """Tells, reads, closes and purges the events of sessions."""

    async def tell(
        self,
        session_id: SessionId,
        events: Sequence[NewEvent],
        *,
        write_id: UUID,
        agent_left: bool = False,
        epoch: int = 0,
    ) -> None:
        """Append the events; a repeated `write_id` and a closed feed change nothing.

        `agent_left` says that the agent will tell no more. Raises `StaleError` for a session of
        another epoch or none.
        """
        row = await self._row(
            _TELL,
            session_id,
            len(events),
            write_id,
            agent_left,
            [event.kind.value for event in events],
            [event.data for event in events],
            [event.turn_id for event in events],
            epoch,
        )
        if row is None:
            raise StaleError("the session has another epoch")

    async def watch(self, session_id: SessionId, lasting: timedelta) -> None:
        """Have every event that is told from now on notified, for so long."""
        await self._row(_WATCH, session_id, lasting)

    async def read(self, session_id: SessionId, *, after: int, limit: int) -> FeedPage:
        """The next events after the number `after`; nothing of an unknown session."""
        rows = await self._rows(_READ, session_id, after, limit)
        if not rows:
            return FeedPage((), 0, has_ended=True, is_closed=True)
        first = rows[0]
        events = [_event_of(row) for row in rows if row["number"] is not None]
        return FeedPage(events, first["last_number"], first["has_ended"], first["is_closed"])

    async def close(self, session_id: SessionId) -> bool:
        """Give an ended session's end its number, once the agent left or had its time to.

        False when that is not so yet, and when another process has done it.
        """
        return await self._row(_CLOSE, session_id, LAST_WORDS) is not None

    async def purge(self, limit: int) -> int:
        """Erase the events of sessions that ended a while ago; how many sessions' it were."""
        return len(await self._rows(_PURGE, KEPT_FOR, limit))


def _event_of(row: asyncpg.Record) -> EventRecord:
    return EventRecord(
        kind=EventKind(row["kind"]),
        data=row["data"],
        turn_id=row["turn_id"],
        number=row["number"],
    )
