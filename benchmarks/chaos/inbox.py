"""The webhook receiver of a faulty run: what was told of each session, once a delivery."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from benchmarks.webhook_inbox import receiving

TERMINAL: Final = frozenset({"voice_session.ended", "voice_session.failed"})


@dataclass
class Inbox:
    """Answers 200 at once."""

    url: str = ""
    _told: defaultdict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    async def take(self, request: web.Request) -> web.Response:
        """One attempt; a delivery that is tried again counts once."""
        payload = json.loads(await request.read())
        delivery = request.headers["X-CallMissed-Delivery"]
        self._told[payload["data"]["session_id"]][delivery] = payload["event"]
        return web.Response()

    def ends_of(self, session_id: str) -> int:
        """How many terminal events were told of the session; one is right."""
        return sum(event in TERMINAL for event in self._told[session_id].values())


@asynccontextmanager
async def open_inbox() -> AsyncIterator[Inbox]:
    """Receive on a loopback port while the block lasts."""
    inbox = Inbox()
    async with receiving(inbox.take) as inbox.url:
        yield inbox
