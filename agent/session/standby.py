"""What a process has ready for the session that it waits for: its connection to Postgres, and the
native side of the LiveKit SDK with its threads.

livekit-agents sets a process up, makes its loop, and runs nothing of ours there before it has a
job. So the loop itself brings what begins with it.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from agent.room.audio import RoomPlayout
from core.quick_loop import QuickLoop
from core.setting_groups import DatabaseSettings
from store.pool import Database
from store.standing_by import stand_by

JOB_CONNECTIONS: Final = 3
"""One serves them all, a few statements a second. Beside one that is held up, be it a turn, a live
event or a search of what the bot knows, the lease is renewed on another."""


class Standby:
    """Of one process, which serves one session."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self._settings = settings
        self._called = asyncio.Event()
        self._opening = asyncio.Lock()
        self._database: Database | None = None
        self._standing: asyncio.Task[None] | None = None

    def begin_with_the_loop(self) -> None:
        """Stand by as soon as this process runs the loop that is made next."""
        asyncio.set_event_loop_policy(_Beginning(self.begin))

    def begin(self) -> None:
        """Stand by, on the running loop."""
        self._standing = asyncio.create_task(self._stand(), name="standby")

    async def database(self) -> Database:
        """The session has come: its database, for it to close, connected if it could be."""
        self._called.set()
        return await self._opened()

    async def _opened(self) -> Database:
        async with self._opening:
            if self._database is None:
                self._database = await Database.open_thrifty(self._settings, JOB_CONNECTIONS)
            return self._database

    async def _stand(self) -> None:
        database = await self._opened()
        try:
            async with RoomPlayout.opened():
                pass  # It has the SDK started. Kept open it makes silence, a frame each 10 ms.
            await stand_by(database, self._called)
        finally:
            if not self._called.is_set():
                await database.close()


class _Beginning(asyncio.DefaultEventLoopPolicy):
    """Each loop is a job's, and begins with the same call."""

    def __init__(self, begin: Callable[[], None]) -> None:
        super().__init__()
        self._begin = begin

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        loop = QuickLoop()
        loop.call_soon(self._begin)
        return loop
