"""What every route shares: the providers behind the wire, the record, the faults used up."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol, TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.chat_habit import ChatHabit
from sandbox.ports import Providers
from sandbox.record import Received, Requests


class Limited(Protocol):
    """A scripted fault; ``times`` None means always."""

    @property
    def times(self) -> int | None: ...


class Occasional(Protocol):
    """A scripted fault that strikes some of what it matches."""

    @property
    def percent(self) -> int: ...


F = TypeVar("F", bound=Limited)
_RECEIVED: Final = web.RequestKey("received", Received)


class Backstage:
    def __init__(self, providers: Providers) -> None:
        self.providers = providers
        self.script = providers.script
        self.requests = Requests()
        self.loading = asyncio.Lock()
        self.loaded: set[ChatHabit] = set()
        self._used: Counter[int] = Counter()
        self._n_open: Counter[str] = Counter()
        self._matched: Counter[int] = Counter()

    def follow(self, providers: Providers) -> None:
        """Others stand behind the wire from now on; no fault of theirs is used up."""
        self.providers = providers
        self.script = providers.script
        self.loaded.clear()
        self._used.clear()
        self._matched.clear()

    def record(self, request: web.Request) -> Received:
        """Open until its handler is over (`note_ends`), however that comes."""
        received = self.requests.open(request.path, request.query, request.headers)
        received.method = request.method
        request[_RECEIVED] = received
        return received

    def strikes(self, fault: Occasional) -> bool:
        """Whether this one of all that it matches is struck; each call counts as one."""
        before = self._matched[id(fault)]
        self._matched[id(fault)] += 1
        return (before + 1) * fault.percent // 100 > before * fault.percent // 100

    @contextmanager
    def place(self, service: str, most: int | None) -> Iterator[bool]:
        """One of the sockets that the account may have open at once; whether there was one left."""
        has_place = most is None or self._n_open[service] < most
        self._n_open[service] += has_place
        try:
            yield has_place
        finally:
            self._n_open[service] -= has_place

    def due(self, faults: tuple[F, ...]) -> Iterator[F]:
        """Those not used up; each one yielded counts as used."""
        for fault in faults:
            if fault.times is None or self._used[id(fault)] < fault.times:
                self._used[id(fault)] += 1
                yield fault


BACKSTAGE = web.AppKey("backstage", Backstage)


@web.middleware
async def note_ends(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A client may leave at any moment, also before the handshake: its handler is cancelled."""
    try:
        return await handler(request)
    finally:
        received = request.get(_RECEIVED)
        if received is not None:
            received.is_open = False
