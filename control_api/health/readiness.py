"""Whether this process can serve, asked at most once a second, however many want to know."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from control_api.parts import DATABASE, DRAINING, HEALTH, LISTENER
from control_api.sessions.rooms import ROOMS, Rooms
from core.errors import LiveKitUnavailable, StoreError
from core.supervision import Health
from store.condition import condition_of
from store.listener import Listener
from store.pool import Database

FRESH_S: Final = 1.0
OK: Final = "ok"
AWAY: Final = "unavailable"


@dataclass(frozen=True, slots=True)
class Parts:
    """What the process cannot serve without."""

    database: Database
    rooms: Rooms
    health: Health
    draining: asyncio.Event
    listener: Listener


class Readiness:
    """Asks database and LiveKit at once and keeps what they said for `FRESH_S` seconds."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._lock = asyncio.Lock()
        self._kept: Mapping[str, str] | None = None
        self._kept_until = 0.0

    async def look(self) -> Mapping[str, str]:
        """Each part's state, `OK` where all is well. Who comes while it is asked waits for it."""
        async with self._lock:
            loop = asyncio.get_running_loop()
            if self._kept is None or loop.time() >= self._kept_until:
                database, livekit = await asyncio.gather(self._database(), self._livekit())
                self._kept = {**database, "livekit": livekit}
                self._kept_until = loop.time() + FRESH_S
            ours = {"tasks": self._tasks(), "process": self._process()}
            return {**self._kept, **ours, "listener": self._listener()}

    async def _database(self) -> Mapping[str, str]:
        try:
            condition = await condition_of(self._parts.database)
        except StoreError:
            return {"database": AWAY, "migrations": AWAY}
        missing = ", ".join(condition.missing)
        return {
            "database": "read-only" if condition.is_read_only else OK,
            "migrations": f"lacks {missing}" if missing else OK,
        }

    async def _livekit(self) -> str:
        try:
            await self._parts.rooms.check()
        except LiveKitUnavailable:
            return AWAY
        return OK

    def _tasks(self) -> str:
        down = ", ".join(self._parts.health.down)
        return f"down: {down}" if down else OK

    def _process(self) -> str:
        return "draining" if self._parts.draining.is_set() else OK

    def _listener(self) -> str:
        complaint = self._parts.listener.complaint
        return f"hears nothing: {complaint}" if complaint else OK


READINESS: Final = web.AppKey("readiness", Readiness)


async def readiness(app: web.Application) -> AsyncIterator[None]:
    """A look of the application's own."""
    app[READINESS] = Readiness(
        Parts(app[DATABASE], app[ROOMS], app[HEALTH], app[DRAINING], app[LISTENER])
    )
    yield
