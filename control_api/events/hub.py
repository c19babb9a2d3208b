"""Wakes the streams of this process when there is something new to read.

What is new is always read from the database: a wake-up that is missed costs time, never an event.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from control_api.parts import HEALTH, SETTINGS
from control_api.request.errors import ApiError, ErrorCode
from core.setting_groups import DatabaseSettings, EventSettings
from core.supervision import kept_up
from store.events import CHANNEL
from store.listener import Listener
from store.records import SessionId, TenantId

_POLL_S: Final = 1.0
"""How often a stream looks by itself while notifications do not come."""
_FAREWELL_S: Final = 2.0
"""How long a client may take to get what is left when the streams end."""


@dataclass(frozen=True, slots=True)
class Client:
    """Who follows a stream; `cut` ends it where it stands. The tenant may have `most` of them open
    in this process; None: any number."""

    tenant_id: TenantId
    most: int | None
    cut: Callable[[], None]


class EventHub:
    """Knows who waits for which session; `run` it beside the streams."""

    def __init__(self, database: DatabaseSettings, settings: EventSettings) -> None:
        self._listener = Listener(database, CHANNEL, self._wake)
        self._settings = settings
        self._streams: dict[str, set[asyncio.Event]] = {}
        self._clients: set[Client] = set()
        self._n_of: Counter[TenantId] = Counter()
        self.is_closing = False

    async def run(self) -> None:
        """Listen until cancelled."""
        await self._listener.run()

    @property
    def patience_s(self) -> float:
        """How long a stream may wait to be woken before it looks by itself."""
        return self._settings.comment_interval_s if self._listener.is_listening else _POLL_S

    @contextmanager
    def stream(self, session_id: SessionId, client: Client) -> Iterator[asyncio.Event]:
        """An event that is set whenever the session may have something new.

        Raises as `counted`.
        """
        wake = asyncio.Event()
        with self.counted(client):
            watching = self._streams.setdefault(str(session_id), set())
            watching.add(wake)
            try:
                yield wake
            finally:
                watching.discard(wake)
                if not watching:
                    self._streams.pop(str(session_id), None)

    @contextmanager
    def counted(self, client: Client) -> Iterator[None]:
        """One more stream, of whatever kind, inside the block.

        Raises `ApiError`: 503 when the process serves as many as it may, 429 when the tenant has
        as many as its plan allows.
        """
        if self.is_closing or len(self._clients) >= self._settings.max_streams:
            raise ApiError(ErrorCode.SERVICE_UNAVAILABLE, "Too many streams. Try again soon.")
        if client.most is not None and self._n_of[client.tenant_id] >= client.most:
            message = f"The plan allows {client.most:,} open event streams."
            raise ApiError(ErrorCode.TOO_MANY_CONCURRENT_REQUESTS, message)
        self._clients.add(client)
        self._n_of[client.tenant_id] += 1
        try:
            yield
        finally:
            self._clients.discard(client)
            self._n_of[client.tenant_id] -= 1
            if not self._n_of[client.tenant_id]:
                del self._n_of[client.tenant_id]

    def close(self) -> None:
        """End every stream: the process stops. Clients resume elsewhere.

        A client that does not take what is left is cut off.
        """
        self.is_closing = True
        self._wake(None)
        asyncio.get_running_loop().call_later(_FAREWELL_S, self._cut_all)

    def _cut_all(self) -> None:
        for client in tuple(self._clients):
            client.cut()

    def _wake(self, session_id: str | None) -> None:
        """Wake who waits for the session, everybody for None."""
        woken = (
            self._streams.values() if session_id is None else [self._streams.get(session_id, ())]
        )
        for watching in woken:
            for wake in watching:
                wake.set()


EVENT_HUB: Final = web.AppKey("event_hub", EventHub)


async def event_hub(app: web.Application) -> AsyncIterator[None]:
    """Listen as long as the application runs."""
    settings = app[SETTINGS]
    app[EVENT_HUB] = EventHub(settings.database, settings.events)
    async with kept_up("event-hub", app[EVENT_HUB].run, health=app[HEALTH]):
        yield
