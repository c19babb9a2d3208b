"""Which jobs a worker takes: those of sessions that may be held. Asked in its parent process, so
that one that is refused has cost a question to Postgres and no process.

The token of a session that is over still opens its room, each time with an agent sent for.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from livekit.agents import JobRequest
from livekit.api import DeleteRoomRequest, LiveKitAPI

from agent.server_calls import granted
from agent.session_row import is_over
from core.metrics import JOBS_REFUSED
from core.settings import Settings
from store.pool import Database
from store.summons import Summons

log = logging.getLogger(__name__)

CONNECTIONS: Final = 2


class Gate:
    """Answers for as long as it is `open`; before that it lets everybody pass.

    `taking` are the ids of the jobs that it is asked about, until they are refused or launched.
    """

    def __init__(self, settings: Settings) -> None:
        self.taking: Final[set[str]] = set()
        self._settings = settings
        self._database: Database | None = None
        self._livekit: LiveKitAPI | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """With connections of its own."""
        settings = self._settings
        livekit = settings.livekit
        secret = livekit.api_secret.get_secret_value()
        async with LiveKitAPI(livekit.url, livekit.api_key, secret) as self._livekit:
            self._database = await Database.open_thrifty(settings.database, CONNECTIONS)
            try:
                yield
            finally:
                database, self._database = self._database, None
                await database.close()

    async def answer(self, request: JobRequest) -> None:
        """Take the job under the identity of its session's agent, or refuse it: one without a
        session, and one whose session is over. While Postgres does not say, it is taken."""
        self.taking.add(request.job.id)
        try:
            await self._answer(request)
        finally:
            self.taking.discard(request.job.id)

    async def _answer(self, request: JobRequest) -> None:
        summons = Summons.read(request.job.metadata)
        if summons is None:
            log.error("job.without_session")
            await request.reject()
        elif self._database is not None and await is_over(self._database, summons.session_id):
            extra = {"session": str(summons.session_id), "room": request.room.name}
            log.info("job.refused", extra=extra)
            JOBS_REFUSED.inc()
            await request.reject()
            await self._close_room(request.room.name)
        else:
            await request.accept(identity=summons.identity)

    async def _close_room(self, name: str) -> None:
        assert self._livekit is not None, "open"
        closing = self._livekit.room.delete_room(DeleteRoomRequest(room=name))
        await granted(closing, refused="room.not_closed")
