"""One client's stream of a tenant's sessions as they begin, change and end.

    watch ─▶ `list`: the client lists ─▶ a `session` for each that changed ─▶ ... ─▶ closed
                   ▲                              │
                   └── something was missed ◀─────┘

It holds no history: whoever comes back lists anew, and so does a client that is told to.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from control_api.events.hub import Client
from control_api.events.list_hub import Changes
from control_api.events.stream import COMMENT, message
from control_api.sessions.answers import Session
from store.pool import Database
from store.session_changes import SessionChangeRepository

PAGE: Final = 50
LASTS_S: Final = 3600.0
"""Then the client comes back and says anew who it is."""
_GATHER_S: Final = 0.2
"""Changes that come so soon after each other are read at once."""
_WATCHED_FOR: Final = timedelta(minutes=1)
_WATCH_EVERY_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class ListStream:
    """The messages of one client; iterate `messages` once."""

    database: Database
    client: Client
    changes: Changes
    comment_every_s: float

    async def messages(self) -> AsyncIterator[bytes]:
        """`list` and `session` events, comments in between; ends when the client is to leave."""
        loop = asyncio.get_running_loop()
        ends_at, watch_at = loop.time() + LASTS_S, loop.time()
        comment_at = loop.time() + self.comment_every_s
        while not self.client.is_leaving and loop.time() < ends_at:
            is_incomplete = self.changes.take_incomplete()
            if is_incomplete or loop.time() >= watch_at:
                watch_at = loop.time() + _WATCH_EVERY_S
                await self._watch()
            if is_incomplete:
                yield message(None, "list", {})
            async for one in self._changed():
                yield one
            if loop.time() >= comment_at:
                comment_at = loop.time() + self.comment_every_s
                yield COMMENT
            await self._sleep(min(comment_at, watch_at, ends_at))

    async def _changed(self) -> AsyncIterator[bytes]:
        ids = self.changes.take(PAGE)
        if ids:
            async with self.database.connection() as connection:
                found = await SessionChangeRepository(connection).read(
                    self.client.caller.tenant.id, ids
                )
            for session in found:
                yield message(None, "session", Session.of(session))

    async def _watch(self) -> None:
        async with self.database.connection() as connection:
            await SessionChangeRepository(connection).watch(
                self.client.caller.tenant.id, _WATCHED_FOR
            )

    async def _sleep(self, until: float) -> None:
        """Wait for a change and those that come with it, but not beyond `until`."""
        if self.client.is_leaving:
            return  # what woke it for that may have been taken for a change
        try:
            async with asyncio.timeout_at(until):
                await self.changes.wake.wait()
                await asyncio.sleep(0 if self.client.is_leaving else _GATHER_S)
        except TimeoutError:
            return
