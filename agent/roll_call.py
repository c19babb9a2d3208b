"""A worker tells Postgres that it is there, and how full it is: nobody else knows."""

import asyncio
import logging
import platform
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final, Self
from uuid import uuid4

from core.errors import StoreError
from core.setting_groups import DatabaseSettings
from core.supervision import Health, kept_up
from store.pool import Database
from store.workers import WorkerRepository

log = logging.getLogger(__name__)

EVERY_S: Final = 5.0
FAREWELL_S: Final = 1.0


class RollCall:
    """Tells it every five seconds; use `opened`. `n_active` is asked each time."""

    def __init__(self, database: Database, capacity: int, n_active: Callable[[], int]) -> None:
        self._id = uuid4()
        self._database = database
        self._capacity = capacity
        self._n_active = n_active

    @classmethod
    @asynccontextmanager
    async def opened(
        cls,
        settings: DatabaseSettings,
        capacity: int,
        n_active: Callable[[], int],
        *,
        health: Health,
    ) -> AsyncIterator[Self]:
        """A connection of its own. On leaving the worker is listed no more."""
        database = await Database.open(settings.model_copy(update={"pool_size": 1}))
        roll_call = cls(database, capacity, n_active)
        try:
            async with kept_up("roll_call", roll_call._run, health=health):
                yield roll_call
            await roll_call._leave()
        finally:
            await database.close()

    async def tell(self) -> None:
        """Once. Raises `StoreError`."""
        async with self._database.connection() as connection:
            await WorkerRepository(connection).show(
                self._id, platform.node(), active=self._n_active(), capacity=self._capacity
            )

    async def _run(self) -> None:
        while True:
            try:
                await self.tell()
            except StoreError as exc:
                log.info("worker.not_told", extra={"error": type(exc).__name__})
            await asyncio.sleep(EVERY_S)

    async def _leave(self) -> None:
        try:
            async with asyncio.timeout(FAREWELL_S), self._database.connection() as connection:
                await WorkerRepository(connection).forget(self._id)
        except (StoreError, TimeoutError) as exc:
            log.info("worker.not_told", extra={"error": type(exc).__name__})
