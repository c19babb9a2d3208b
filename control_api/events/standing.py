"""Ends the streams of those who may follow no longer: a key that was revoked, changed or has
expired, a token whose time is over, a tenant that was suspended. All of a process's are asked after
at once."""

import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from control_api.access.auth import Caller
from control_api.events.hub import EVENT_HUB, EventHub
from control_api.parts import DATABASE, HEALTH
from core.errors import StoreError
from core.supervision import Bears, kept_up, look_again
from store.pool import Database
from store.records import TenantId
from store.standing import StandingRepository

_log: Final = logging.getLogger(__name__)

EVERY_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class _Good:
    """Hashes of keys that still count, and the tenants that are served."""

    keys: set[bytes]
    tenants: set[TenantId]


class Standing:
    """One process's look at its streams; `look` once, or `run` until cancelled."""

    def __init__(self, database: Database, hub: EventHub) -> None:
        self._database = database
        self._hub = hub

    async def run(self) -> None:
        """Again and again. While the database is away nobody is sent away for it."""
        bears = Bears(StoreError, _log, "standing.unknown")
        await look_again("standing", self.look, EVERY_S, bears)

    async def look(self) -> None:
        """Dismiss who may follow no longer. Raises `StoreError`."""
        clients = self._hub.clients
        if not clients:
            return
        good = await self._good([one.caller for one in clients])
        for client in clients:
            if not _stands(client.caller, good):
                _log.info("events.right_ended", extra={"tenant_id": str(client.caller.tenant.id)})
                self._hub.dismiss(client)

    async def _good(self, callers: list[Caller]) -> _Good:
        hashes = {one.key.hash for one in callers if one.key is not None}
        async with self._database.connection() as connection:
            standing = StandingRepository(connection)
            keys = await standing.good_keys(hashes) if hashes else set()
            return _Good(keys, await standing.served({one.tenant.id for one in callers}))


def _stands(caller: Caller, good: _Good) -> bool:
    if caller.tenant.id not in good.tenants:
        return False
    if caller.key is not None:
        return caller.key.hash in good.keys
    return caller.until is None or time.time() < caller.until


async def standing(app: web.Application) -> AsyncIterator[None]:
    """Look as long as the application runs."""
    looking = Standing(app[DATABASE], app[EVENT_HUB])
    async with kept_up("standing", looking.run, health=app[HEALTH]):
        yield
