"""A worker tells Postgres that it is there, and how full it is: nobody else knows."""

import asyncio
import logging
import os
import platform
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Self
from uuid import uuid4

from core.errors import StoreError
from core.settings import Settings
from core.supervision import Health, kept_up, looked
from store.pool import Database
from store.records import SessionId
from store.workers import WorkerRepository, WorkerSelf

log = logging.getLogger(__name__)

EVERY_S: Final = 5.0
LOOK_EVERY_S: Final = 0.5
"""Whether there is something new to tell: who is admitted depends on the places that are free."""
FAREWELL_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Present:
    """What is there to be told: the session of each job, and whether no more are taken."""

    sessions: tuple[SessionId, ...] = ()
    is_draining: bool = False


class RollCall:
    """Tells it every five seconds, when it changes, and soon where it could not be told; use
    `opened`. `ask` is asked each time: None as long as no session can be sent here."""

    def __init__(
        self, database: Database, settings: Settings, ask: Callable[[], Present | None]
    ) -> None:
        self._id = uuid4()
        self._database = database
        self._settings = settings
        self._ask = ask
        self._told: Present | None = None

    @classmethod
    @asynccontextmanager
    async def opened(
        cls,
        database: Database,
        settings: Settings,
        ask: Callable[[], Present | None],
        *,
        health: Health,
    ) -> AsyncIterator[Self]:
        """On leaving the worker is listed no more."""
        roll_call = cls(database, settings, ask)
        async with kept_up("roll_call", roll_call._run, health=health):
            yield roll_call
        await roll_call._leave()

    async def tell(self) -> None:
        """Once. Raises `StoreError`."""
        present = self._ask()
        if present is None:
            return
        worker = WorkerSelf(
            id=self._id,
            host=platform.node(),
            pid=os.getpid(),
            agent_name=self._settings.livekit.agent_name,
            active=len(present.sessions),
            capacity=self._settings.agent.capacity,
            is_draining=present.is_draining,
        )
        async with self._database.connection() as connection:
            workers = WorkerRepository(connection)
            if self._told is None:
                await self._bury(workers, worker)
            await workers.show(worker, present.sessions)
        self._told = present

    async def _bury(self, workers: WorkerRepository, own: WorkerSelf) -> None:
        """Forget those that died on this machine: nobody else can tell that their places are gone
        before they have not been seen for a while."""
        for one in await workers.living():
            is_here = (one.host, one.agent_name) == (own.host, own.agent_name)
            if is_here and (one.pid == own.pid or not _is_alive(one.pid)):
                await workers.forget(one.id)

    async def _run(self) -> None:
        while True:
            try:
                await self.tell()
                looked("roll_call")
            except StoreError as exc:
                self._told = None  # told as soon as may be: meanwhile it may count as gone
                log.info("worker.not_told", extra={"error": type(exc).__name__})
            await self._rest()

    async def _rest(self) -> None:
        """Until there is something new to tell, or it has been long enough; a moment at least."""
        loop = asyncio.get_running_loop()
        until = loop.time() + EVERY_S
        await asyncio.sleep(LOOK_EVERY_S)
        while loop.time() < until and self._ask() == self._told:  # noqa: ASYNC110 - a file's sign
            await asyncio.sleep(LOOK_EVERY_S)

    async def _leave(self) -> None:
        try:
            async with asyncio.timeout(FAREWELL_S), self._database.connection() as connection:
                await WorkerRepository(connection).forget(self._id)
        except (StoreError, TimeoutError) as exc:
            log.info("worker.not_told", extra={"error": type(exc).__name__})


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
