"""Which jobs a worker takes: those of sessions that may be held. Asked in its parent process, so
that one that is refused has cost a question to Postgres and no process.

The token of a session that is over still opens its room, each time with an agent sent for. And
whoever waits for a process to be started is sent a second agent, which would take one more.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from livekit.agents import JobRequest
from livekit.api import DeleteRoomRequest, LiveKitAPI

from agent.holding.session_row import is_held, is_over
from agent.server_calls import granted
from agent.worker.intake import Intake
from core.metrics import JOBS_REFUSED
from core.settings import Settings
from store.pool import Database
from store.summons import Summons

log = logging.getLogger(__name__)

CONNECTIONS: Final = 2


class Gate:
    """Answers for as long as it is `open`; before that it lets everybody pass.

    `taking` are the jobs that it is asked about, until they are refused or launched.
    """

    def __init__(self, settings: Settings) -> None:
        self.taking: Final = Intake()
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
        session, one whose session is over, one beside another that waits for a process to take the
        same seat, and one in the place of an agent that has renewed its lease after all. While
        Postgres does not say, it is taken."""
        summons = Summons.read(request.job.metadata)
        if summons is None:
            log.error("job.without_session")
            await request.reject()
            return
        with self.taking.asking(request.job.id, summons):
            await self._answer(request, summons)

    async def _answer(self, request: JobRequest, summons: Summons) -> None:
        if self.taking.has_another(request.job.id, summons):
            await _refuse(request, summons, "doubled")
        elif self._database is not None and await is_over(self._database, summons.session_id):
            await _refuse(request, summons, "over")
            await self._close_room(request.room.name)
        elif await self._is_late_successor(summons):
            await _refuse(request, summons, "held")
        else:
            await request.accept(identity=summons.identity)

    async def _is_late_successor(self, summons: Summons) -> bool:
        """To whom nothing is to be handed over, and whose predecessor was only slow."""
        if self._database is None or not summons.seat or summons.predecessor is not None:
            return False
        return await is_held(self._database, summons.session_id)

    async def _close_room(self, name: str) -> None:
        assert self._livekit is not None, "open"
        closing = self._livekit.room.delete_room(DeleteRoomRequest(room=name))
        await granted(closing, refused="room.not_closed")


async def _refuse(request: JobRequest, summons: Summons, reason: str) -> None:
    extra = {"session": str(summons.session_id), "room": request.room.name, "reason": reason}
    log.info("job.refused", extra=extra)
    JOBS_REFUSED.labels(reason).inc()
    await request.reject()
