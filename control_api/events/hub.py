"""Wakes the streams of this process when there is something new to read.

What is new is always read from the database: a wake-up that is missed costs time, never an event.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from control_api.access.auth import Caller
from control_api.parts import DRAINING, LISTENER, SETTINGS
from control_api.request.errors import ApiError, ErrorCode
from core.counts import Counts
from core.metrics import EVENT_STREAMS
from core.setting_groups import EventSettings
from store.events import CHANNEL
from store.listener import Listener
from store.records import SessionId, TenantId

_POLL_S: Final = 1.0
"""How often a stream looks by itself while notifications do not come."""
_FAREWELL_S: Final = 2.0
"""How long a client may take to get what is left when the streams end."""


@dataclass(slots=True, eq=False)
class Client:
    """Who follows a stream, until it `is_leaving`; `wake` has it look. `cut` ends it where it
    stands. The tenant may have `most` of them open in this process; None: any number."""

    caller: Caller
    most: int | None
    cut: Callable[[], None]
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    is_leaving: bool = False

    def leave(self) -> None:
        """Have the stream end, now that it is waiting as well."""
        self.is_leaving = True
        self.wake.set()


class EventHub:
    """Knows who waits for which session."""

    def __init__(
        self, listener: Listener, settings: EventSettings, draining: asyncio.Event
    ) -> None:
        listener.on(CHANNEL, self._wake)
        self._listener = listener
        self._settings = settings
        self._streams: dict[str, set[asyncio.Event]] = {}
        self._clients: set[Client] = set()
        self._n_of: Counts[TenantId] = Counts()
        self._draining = draining

    @property
    def patience_s(self) -> float:
        """How long a stream may wait to be woken before it looks by itself."""
        return self._settings.comment_interval_s if self._listener.listening.is_set() else _POLL_S

    @property
    def clients(self) -> Collection[Client]:
        """Those who follow right now and have not been told to leave."""
        return [one for one in self._clients if not one.is_leaving]

    @contextmanager
    def stream(self, session_id: SessionId, client: Client) -> Iterator[None]:
        """Wake the client whenever the session may have something new. Raises as `counted`."""
        with self.counted(client):
            watching = self._streams.setdefault(str(session_id), set())
            watching.add(client.wake)
            try:
                yield
            finally:
                watching.discard(client.wake)
                if not watching:
                    self._streams.pop(str(session_id), None)

    @contextmanager
    def counted(self, client: Client) -> Iterator[None]:
        """One more stream, of whatever kind, inside the block.

        Raises `ApiError`: 503 when the process stops or serves as many as it may, 429 when the
        tenant has as many as its plan allows.
        """
        tenant_id = client.caller.tenant.id
        if self._draining.is_set():
            message = "This process is about to stop. Try again, another one serves."
            raise ApiError(ErrorCode.SERVICE_UNAVAILABLE, message, headers={"Retry-After": "1"})
        if len(self._clients) >= self._settings.max_streams:
            raise ApiError(ErrorCode.SERVICE_UNAVAILABLE, "Too many streams. Try again soon.")
        if client.most is not None and self._n_of[tenant_id] >= client.most:
            message = f"The plan allows {client.most:,} open event streams."
            raise ApiError(ErrorCode.TOO_MANY_CONCURRENT_REQUESTS, message)
        self._clients.add(client)
        EVENT_STREAMS.inc()
        self._n_of[tenant_id] += 1
        try:
            yield
        finally:
            EVENT_STREAMS.dec()
            self._clients.discard(client)
            self._n_of.less(tenant_id)

    def close(self) -> None:
        """End every stream: the process stops. Clients resume elsewhere."""
        self._draining.set()
        for client in self.clients:
            self.dismiss(client)

    def dismiss(self, client: Client) -> None:
        """End one stream; a client that does not take what is left is cut off."""
        client.leave()
        asyncio.get_running_loop().call_later(_FAREWELL_S, self._cut, client)

    def _cut(self, client: Client) -> None:
        if client in self._clients:
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
    """A hub of the application's own."""
    app[EVENT_HUB] = EventHub(app[LISTENER], app[SETTINGS].events, app[DRAINING])
    yield
