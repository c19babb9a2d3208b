"""What every route shares: the providers behind the wire, the record, the faults used up."""

from collections import Counter
from collections.abc import Iterator
from typing import Protocol, TypeVar

from aiohttp import web

from sandbox.ports import Providers
from sandbox.record import Received, Requests


class Limited(Protocol):
    """A scripted fault; ``times`` None means always."""

    @property
    def times(self) -> int | None: ...


F = TypeVar("F", bound=Limited)


class Backstage:
    def __init__(self, providers: Providers) -> None:
        self.providers = providers
        self.script = providers.script
        self.requests = Requests()
        self._used: Counter[int] = Counter()

    def record(self, request: web.Request) -> Received:
        received = self.requests.open(request.path, request.query, request.headers)
        received.method = request.method
        return received

    def due(self, faults: tuple[F, ...]) -> Iterator[F]:
        """Those not used up; each one yielded counts as used."""
        for fault in faults:
            if fault.times is None or self._used[id(fault)] < fault.times:
                self._used[id(fault)] += 1
                yield fault


BACKSTAGE = web.AppKey("backstage", Backstage)
