"""Who shows which tenant's list of sessions live in this process, and what changed for them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from aiohttp import web

from control_api.parts import LISTENER, SETTINGS
from store.listener import Listener
from store.records import SessionId, TenantId
from store.session_changes import CHANGES_CHANNEL, change_of

MOST_WAITING: Final = 500
"""Changed sessions that wait for one client; with more it is told to list anew instead."""


class Changes:
    """What one client has not been told yet. Each session waits once, however often it changes.
    `wake` is set while something waits."""

    def __init__(self, wake: asyncio.Event) -> None:
        self.wake: Final = wake
        self._waiting: dict[SessionId, None] = {}
        self._is_incomplete = True

    def add(self, session_id: SessionId) -> None:
        """The session changed."""
        self._waiting[session_id] = None
        if len(self._waiting) > MOST_WAITING:
            self.lose()
        self.wake.set()

    def lose(self) -> None:
        """Something may have changed that nobody can name."""
        self._waiting.clear()
        self._is_incomplete = True
        self.wake.set()

    def take_incomplete(self) -> bool:
        """Whether the client has to list anew; asked once, it is so no more."""
        was, self._is_incomplete = self._is_incomplete, False
        return was

    def take(self, most: int) -> list[SessionId]:
        """The sessions that have waited longest; the wake-up is set as long as more wait."""
        taken = list(self._waiting)[:most]
        for one in taken:
            del self._waiting[one]
        if not self._waiting and not self._is_incomplete:
            self.wake.clear()
        return taken


class ListHub:
    """Hears of changes and sorts them by tenant."""

    def __init__(self, listener: Listener, patience_s: float) -> None:
        listener.on(CHANGES_CHANNEL, self._hear)
        self._listener = listener
        self._patience_s = patience_s
        self._watching: dict[TenantId, set[Changes]] = {}

    async def hears(self) -> None:
        """Wait until changes are heard of, unless that takes too long.

        Who begins to watch before has to list twice.
        """
        if self._listener.complaint is not None:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience_s):
                await self._listener.listening.wait()

    @contextmanager
    def watching(self, tenant_id: TenantId, wake: asyncio.Event) -> Iterator[Changes]:
        """The tenant's changes from now on, incomplete at first."""
        changes = Changes(wake)
        watching = self._watching.setdefault(tenant_id, set())
        watching.add(changes)
        try:
            yield changes
        finally:
            watching.discard(changes)
            if not watching:
                self._watching.pop(tenant_id, None)

    def _hear(self, payload: str | None) -> None:
        if payload is None:
            for watching in self._watching.values():
                for changes in watching:
                    changes.lose()
            return
        tenant_id, session_id = change_of(payload)
        for changes in self._watching.get(tenant_id, ()):
            changes.add(session_id)


LIST_HUB: Final = web.AppKey("list_hub", ListHub)


async def list_hub(app: web.Application) -> AsyncIterator[None]:
    """A hub of the application's own."""
    app[LIST_HUB] = ListHub(app[LISTENER], app[SETTINGS].database.timeout_s)
    yield
