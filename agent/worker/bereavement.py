"""The worker's parent process, about the jobs that die: their sessions need not wait for a lease to
run out.

What a job left in the journal is written first: under the next holder's epoch it would be refused.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, Self

from livekit.agents import AgentServer

from agent.records.replay import Replayer
from core.errors import StoreError
from core.setting_groups import DatabaseSettings
from store.holds import HoldRepository
from store.pool import Database
from store.records import SessionId
from store.summons import Summons

log = logging.getLogger(__name__)

CONNECTIONS: Final = 1
REPLAY_TIMEOUT_S: Final = 2.0
"""Then its lease is about to run out by itself."""
CLOSE_TIMEOUT_S: Final = 2.0


class Bereavement:
    """Releases what a job held whose process has ended; use `opened`, then `watch`.

    Of a job that ended in order nothing is held any more.
    """

    def __init__(self, database: Database, replayer: Replayer | None) -> None:
        self._database = database
        self._replayer = replayer
        self._releasing: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, settings: DatabaseSettings, replayer: Replayer | None
    ) -> AsyncIterator[Self]:
        """A connection of its own, made when there is something to release. No replayer: there is
        no journal."""
        database = await Database.open_thrifty(settings, CONNECTIONS)
        bereavement = cls(database, replayer)
        try:
            yield bereavement
        finally:
            if bereavement._releasing:
                await asyncio.wait(bereavement._releasing, timeout=CLOSE_TIMEOUT_S)
            await database.close()

    def watch(self, server: AgentServer) -> None:
        """Follow the processes of a server that has started."""
        # livekit-agents tells nobody else which of its processes have ended.
        server._proc_pool.on("process_closed", self._closed)

    def _closed(self, process: Any) -> None:
        if process.running_job is None:
            return
        job = process.running_job.job
        summons = Summons.read(job.metadata)
        if summons is not None:
            task = asyncio.create_task(self._release(summons, job.id), name="bereavement")
            self._releasing.add(task)
            task.add_done_callback(self._releasing.discard)

    async def _release(self, summons: Summons, holder: str) -> None:
        try:
            await self._replay(summons.session_id)
            async with self._database.connection() as connection:
                held = await HoldRepository(connection).release(summons.session_id, holder)
        except StoreError as exc:
            log.warning("lease.not_released", extra={"error": type(exc).__name__})
            return
        if held:
            log.warning("job.died", extra={"session": str(summons.session_id)})

    async def _replay(self, session_id: SessionId) -> None:
        if self._replayer is None:
            return
        try:
            async with asyncio.timeout(REPLAY_TIMEOUT_S):
                await self._replayer.look_for(session_id)
        except OSError as exc:  # a TimeoutError is one
            extra = {"session": str(session_id), "error": type(exc).__name__}
            log.warning("journal.late", extra=extra)
