"""Deletes the recordings that nobody may hear any more from their store: erased, or kept for long
enough. A store that is away is asked again at the next look, until it has them no more.
"""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from control_api.parts import DATABASE, HEALTH
from control_api.sessions.recordings import OBJECTS
from core.errors import StorageUnavailable, StoreError
from core.supervision import Bears, kept_up, look_again
from store.objects import Objects
from store.pool import Database
from store.recordings import RecordingRepository

_log: Final = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 2.0
BATCH: Final = 100


@dataclass(frozen=True, slots=True)
class Discarding:
    """`look` once, or `run` until cancelled. Any number of processes may: to delete what is gone is
    fine."""

    database: Database
    objects: Objects

    async def run(self) -> None:
        """Again and again."""
        bears = Bears((StoreError, StorageUnavailable), _log, "discarding.failed")
        await look_again("discarding", self.look, LOOK_EVERY_S, bears)

    async def look(self) -> None:
        """Delete all that is to go. Raises `StoreError`, `StorageUnavailable`."""
        last, n_gone = "", 0
        while keys := await self._next(last):
            for key in keys:
                await self.objects.delete(key)
                async with self.database.connection() as connection:
                    await RecordingRepository(connection).forget(key)
            last, n_gone = keys[-1], n_gone + len(keys)
        if n_gone:
            _log.info("recordings.deleted", extra={"n": n_gone})

    async def _next(self, last: str) -> list[str]:
        async with self.database.connection() as connection:
            return await RecordingRepository(connection).discarded(BATCH, after=last)


async def discarding(app: web.Application) -> AsyncIterator[None]:
    """One for the application's life."""
    deleting = Discarding(app[DATABASE], app[OBJECTS])
    async with kept_up("discarding", deleting.run, health=app[HEALTH]):
        yield
