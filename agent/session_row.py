"""The beginning of a session's row, by the agent that holds the session."""

from collections.abc import Mapping

from agent.rows import Mandate
from store.pool import Database
from store.records import SessionStatus
from store.sessions import SessionRepository


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
