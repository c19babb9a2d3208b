"""A webhook receiver of a test's own: it keeps what it gets and answers as it is told to."""

import asyncio
import json
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Behaviour = Callable[["Received"], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body's value."""
        return json.loads(self.body)

    @property
    def event(self) -> str:
        """What happened."""
        return str(self.json["event"])

    @property
    def delivery_id(self) -> str:
        """The delivery that this is an attempt of."""
        return self.headers["X-CallMissed-Delivery"]

    @property
    def session_id(self) -> str:
        """Whose event it is."""
        return str(self.json["data"]["session_id"])


@dataclass
class Receiver:
    """A running receiver."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    behaviour: Behaviour | None = None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Keep the request, then answer 200 or whatever the test wants."""
        one = Received(request.path_qs, dict(request.headers), await request.read())
        self.received.append(one)
        if self.behaviour is None:
            return web.Response(text="ok")
        return await self.behaviour(one)

    def answer(self, *statuses: int) -> None:
        """Answer with these, one after the other; the last one ever after."""
        left = list(statuses)

        async def behave(_one: Received) -> web.StreamResponse:
            return web.Response(status=left.pop(0) if len(left) > 1 else left[0])

        self.behaviour = behave

    def hang(self) -> None:
        """Never answer."""

        async def behave(_one: Received) -> web.StreamResponse:
            await asyncio.Event().wait()
            raise AssertionError

        self.behaviour = behave

    def redirect(self, location: str) -> None:
        """Send everyone elsewhere."""

        async def behave(_one: Received) -> web.StreamResponse:
            return web.Response(status=307, headers={"Location": location})

        self.behaviour = behave

    def events_of(self, session_id: object) -> list[str]:
        """What was told of a session, in the order of arrival."""
        return [one.event for one in self.received if one.session_id == str(session_id)]

    def times_of_deliveries(self) -> Counter[str]:
        """How often each delivery came."""
        return Counter(one.delivery_id for one in self.received)


@asynccontextmanager
async def running_receiver(
    host: str = "127.0.0.1", *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Receiver]:
    """Receive on a port of its own while the block lasts."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, host, 0, ssl_context=tls)
    await site.start()
    port = runner.addresses[0][1]
    receiver.url = f"{'http' if tls is None else 'https'}://{host}:{port}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()
