"""Ending a session because somebody asked for it."""

import logging
from typing import Final

from control_api.sessions.rooms import Rooms
from core.errors import LiveKitUnavailable
from core.metrics import SESSIONS_ENDED
from store.pool import Database
from store.records import EndReason, SessionRecord
from store.sessions import SessionRepository

_log: Final = logging.getLogger(__name__)


async def end_session(database: Database, rooms: Rooms, session: SessionRecord) -> None:
    """End it, then send everyone out; one that was over stays as it is. Raises `StoreError`."""
    async with database.connection() as connection:
        ended = await SessionRepository(connection).end_session(session.id, EndReason.API_DELETE)
    if ended is not None:
        SESSIONS_ENDED.labels(EndReason.API_DELETE.value).inc()
    # A second DELETE empties a room that LiveKit did not let go at the first.
    if (ended or session).end_reason is EndReason.API_DELETE:
        await _empty_room(rooms, session)


async def _empty_room(rooms: Rooms, session: SessionRecord) -> None:
    """The row has ended whether or not LiveKit answers; the agent looks at the row, too."""
    try:
        await rooms.delete(session.room_name)
    except LiveKitUnavailable as exc:
        _log.warning("room.not_deleted", extra={"session_id": str(session.id), "reason": str(exc)})
