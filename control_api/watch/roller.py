"""Rolls usage and latencies up, hour by hour: every process tries, one of them does."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from control_api.parts import DATABASE, HEALTH
from core.errors import StoreError
from core.supervision import Bears, kept_up, look_again
from store.pool import Database
from store.rollups import RollupRepository

_log: Final = logging.getLogger(__name__)

_INTERVAL_S: Final = 60.0
_BREATH_S: Final = 0.05
"""Between two hours: who writes goes first."""


@dataclass(frozen=True, slots=True)
class Roller:
    """`look` once, or `run` until cancelled."""

    database: Database

    async def run(self) -> None:
        """Again and again; what fails is tried again at the next look."""
        bears = Bears(StoreError, _log, "roller.failed")
        await look_again("roller", self.look, _INTERVAL_S, bears)

    async def look(self) -> None:
        """Roll up all that is over, the late ones first. Raises `StoreError`."""
        while await self._step() is not None:  # noqa: ASYNC110 - a breath, not a poll
            await asyncio.sleep(_BREATH_S)

    async def _step(self) -> datetime | None:
        """One hour; None where none is left, or another process rolls up."""
        async with self.database.transaction() as connection:
            rollups = RollupRepository(connection)
            if not await rollups.take_turn():
                return None
            return await rollups.roll_late() or await rollups.roll_next()


async def roller(app: web.Application) -> AsyncIterator[None]:
    """One for the application's life."""
    async with kept_up("roller", Roller(app[DATABASE]).run, health=app[HEALTH]):
        yield
