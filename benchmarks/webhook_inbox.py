"""The receiver of a webhook benchmark: counts, and keeps the order of arrival."""

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from aiohttp import web

_ORDER: Final = ("voice_session.started", "voice_session.ended")


@dataclass
class Inbox:
    """What came. Times are of the monotonic clock."""

    url: str = ""
    came_at: list[float] = field(default_factory=list)
    first_at: dict[str, float] = field(default_factory=dict)
    """When the first of a session came."""
    times: Counter[str] = field(default_factory=Counter)
    _awaited: int = 0
    _reached: asyncio.Event = field(default_factory=asyncio.Event)
    ranks: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    async def take(self, request: web.Request) -> web.Response:
        """Answer 200 at once."""
        payload = json.loads(await request.read())
        self.came_at.append(time.monotonic())
        self.times[request.headers["X-CallMissed-Delivery"]] += 1
        session_id = payload["data"]["session_id"]
        self.first_at.setdefault(session_id, self.came_at[-1])
        self.ranks[session_id].append(_ORDER.index(payload["event"]))
        if len(self.came_at) == self._awaited:
            self._reached.set()
        return web.Response()

    async def until(self, n: int) -> None:
        """Return at the arrival that makes `n`; call it before there are so many."""
        self._awaited = n
        await self._reached.wait()

    @property
    def n_doubled(self) -> int:
        """Attempts beyond the first of a delivery."""
        return sum(n - 1 for n in self.times.values())

    @property
    def n_out_of_order(self) -> int:
        """Sessions whose end came before their start."""
        return sum(any(a > b for a, b in pairwise(one)) for one in self.ranks.values())

    @property
    def per_second(self) -> float:
        """From the first arrival to the last."""
        return (len(self.came_at) - 1) / (self.came_at[-1] - self.came_at[0])


@asynccontextmanager
async def receiving(take: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[str]:
    """Have `take` answer on a loopback port while the block lasts; where that is."""
    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def never_answering() -> AsyncIterator[str]:
    """A loopback address where everything is taken and nothing answered while the block lasts."""
    server = await asyncio.get_running_loop().create_server(asyncio.Protocol, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    finally:
        server.close()


@asynccontextmanager
async def open_inbox() -> AsyncIterator[Inbox]:
    """Receive while the block lasts."""
    inbox = Inbox()
    async with receiving(inbox.take) as inbox.url:
        yield inbox
