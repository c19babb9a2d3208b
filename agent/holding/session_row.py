"""A session's row as its agents see it: begun by the one that holds it, and over."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Final

from agent.records.rows import Mandate
from core.errors import NotFoundError, StoreError
from store.holds import HoldRepository
from store.pool import Database
from store.records import SessionId, SessionStatus
from store.sessions import LIVING, SessionRepository

log = logging.getLogger(__name__)

ANSWER_TIMEOUT_S: Final = 1.0


async def is_over(database: Database, session_id: SessionId) -> bool:
    """Whether somebody has ended it. False as well where the database does not say in time."""
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S), database.connection() as connection:
            record = await SessionRepository(connection).get_for_agent(session_id)
    except NotFoundError:
        return True
    except (StoreError, TimeoutError) as exc:
        log.error("session.unreadable", extra={"error": type(exc).__name__})
        return False
    return record.status not in LIVING


async def is_held(database: Database, session_id: SessionId) -> bool:
    """Whether somebody holds it. False as well where the database does not say in time."""
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S), database.connection() as connection:
            return await HoldRepository(connection).is_held(session_id)
    except (StoreError, TimeoutError) as exc:
        log.error("session.unreadable", extra={"error": type(exc).__name__})
        return False


class SessionRow:
    """One session's."""

    def __init__(self, database: Database, mandate: Mandate, places: Mapping[str, int]) -> None:
        self._database = database
        self._mandate = mandate
        self._places = places

    async def begin(self) -> SessionStatus | None:
        """Mark it active, in one of the tenant's places. The status that it has where that cannot
        be: `created` without a place. Raises `StoreError`."""
        session_id, epoch = self._mandate.session_id, self._mandate.epoch
        async with self._database.connection() as connection:
            sessions = SessionRepository(connection)
            if await sessions.mark_active(session_id, self._places, epoch=epoch) is not None:
                return None
            return (await sessions.get_for_agent(session_id)).status
