"""The session's row, as the agent that holds the session changes it: begun once, ended once."""

import logging
from collections.abc import Mapping

from core.errors import StoreError
from core.metrics import SESSIONS_ENDED
from store.pool import Database
from store.records import EndReason, SessionId, SessionStatus
from store.sessions import SessionRepository

log = logging.getLogger(__name__)


class SessionRow:
    """One session's. `is_ours` once this agent has begun it."""

    def __init__(
        self, database: Database, session_id: SessionId, places: Mapping[str, int]
    ) -> None:
        self._database = database
        self._session_id = session_id
        self._places = places
        self.is_ours = False

    async def begin(self) -> SessionStatus | None:
        """Mark it active, in one of the tenant's places. The status that it has where that cannot
        be: `created` without a place. Raises `StoreError`."""
        async with self._database.connection() as connection:
            sessions = SessionRepository(connection)
            if await sessions.mark_active(self._session_id, self._places) is not None:
                self.is_ours = True
                return None
            return (await sessions.get_for_agent(self._session_id)).status

    async def end(self, reason: EndReason, *, ended_s_ago: float) -> None:
        """End it if it still lives. A database that is away leaves it to whoever looks for such."""
        try:
            async with self._database.connection() as connection:
                ended = await SessionRepository(connection).end_session(
                    self._session_id, reason, ended_s_ago=ended_s_ago
                )
        except StoreError as exc:
            log.error("session.end_lost", extra={"error": type(exc).__name__})
            return
        if ended is not None:
            SESSIONS_ENDED.labels(reason.value).inc()
            log.info("session.ended", extra={"end_reason": reason.value})
