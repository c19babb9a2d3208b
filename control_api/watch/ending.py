"""How the API ends a session that nobody ends by themselves."""

import logging
from typing import Final

from control_api.sessions.rooms import Rooms
from core.errors import ConflictError, LiveKitUnavailable, StoreRefused
from core.metrics import SESSIONS_ENDED
from store.pool import Database
from store.records import EndReason, SessionId, SessionStatus
from store.sessions import LIVING, SessionRepository

_log: Final = logging.getLogger(__name__)


async def end_for(
    database: Database,
    rooms: Rooms,
    session_id: SessionId,
    room_name: str,
    reason: EndReason,
    *,
    only_from: frozenset[SessionStatus] = LIVING,
    epoch: int | None = None,
) -> bool:
    """End the session, then send everyone out; a room that stays is emptied by its timeouts.

    False where it had ended, or another holds it by now. An end that the database refuses is told,
    and does not keep the ends of others. Raises `StoreUnavailable`.
    """
    extra = {"session_id": str(session_id), "end_reason": reason.value}
    try:
        async with database.connection() as connection:
            ended = await SessionRepository(connection).end_session(
                session_id, reason, only_from=only_from, epoch=epoch
            )
    except (ConflictError, StoreRefused) as exc:
        _log.error("session.not_reaped", extra={**extra, "reason": str(exc)})
        return False
    if ended is None:
        return False
    SESSIONS_ENDED.labels(reason.value).inc()
    try:
        await rooms.delete(room_name)
    except LiveKitUnavailable as exc:
        _log.warning("room.not_deleted", extra={**extra, "reason": str(exc)})
    return True
