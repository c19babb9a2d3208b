"""Sends those who listen in out of the room when the right by which they came has ended.

Every process looks: to send somebody out twice harms nobody.
"""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from control_api.parts import DATABASE, HEALTH
from control_api.sessions.rooms import ROOMS, Rooms
from core.errors import LiveKitUnavailable, StoreError
from core.supervision import Bears, kept_up, look_again
from store.pool import Database
from store.room_listeners import RoomListenerRepository

_log: Final = logging.getLogger(__name__)

EVERY_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class RoomListeners:
    """One process's look at all of them; `look` once, or `run` until cancelled."""

    database: Database
    rooms: Rooms

    async def run(self) -> None:
        """Again and again; what fails is tried again at the next look."""
        bears = Bears((StoreError, LiveKitUnavailable), _log, "room_listeners.unknown")
        await look_again("room-listeners", self.look, EVERY_S, bears)

    async def look(self) -> None:
        """Send out who may listen no longer. Raises `StoreError`, `LiveKitUnavailable`."""
        async with self.database.connection() as connection:
            found = await RoomListenerRepository(connection).without_right()
        for one in found:
            await self.rooms.put_out(one.room_name, one.identity)


async def room_listeners(app: web.Application) -> AsyncIterator[None]:
    """Look as long as the application runs."""
    looking = RoomListeners(app[DATABASE], app[ROOMS])
    async with kept_up("room-listeners", looking.run, health=app[HEALTH]):
        yield
