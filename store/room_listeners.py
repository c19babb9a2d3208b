"""Who was let into a session's room to hear it, kept for as long as the session lasts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from store.records import SessionId
from store.repository import Repository

_ADD: Final = """
INSERT INTO room_listeners (identity, session_id, key_hash, until) VALUES ($1, $2, $3, $4)"""
# Not forgotten while the session lasts: who was sent out may come back with a token that LiveKit
# gave them.
_WITHOUT_RIGHT: Final = """
WITH over AS (
    DELETE FROM room_listeners l USING sessions s
    WHERE s.id = l.session_id AND s.ended_at IS NOT NULL
)
SELECT l.identity, s.room_name FROM room_listeners l JOIN sessions s ON s.id = l.session_id
WHERE s.ended_at IS NULL
  AND (l.until <= now()
       OR l.key_hash IS NOT NULL AND NOT EXISTS (
           SELECT FROM api_keys k
           WHERE k.hash = l.key_hash AND k.is_active
             AND (k.expires_at IS NULL OR k.expires_at > now())))"""


@dataclass(frozen=True, slots=True)
class RoomListener:
    """Somebody in a room, by the name that they have there."""

    identity: str
    room_name: str


class RoomListenerRepository(Repository):
    """Remembers who listens, and by what right."""

    async def add(
        self,
        identity: str,
        session_id: SessionId,
        *,
        key_hash: bytes | None,
        until: datetime | None,
    ) -> None:
        """By the key of that hash, or by a token that is good until then."""
        await self._row(_ADD, identity, session_id, key_hash, until)

    async def without_right(self) -> list[RoomListener]:
        """Those who may listen no longer, though their session goes on."""
        return [RoomListener(**row) for row in await self._rows(_WITHOUT_RIGHT)]
