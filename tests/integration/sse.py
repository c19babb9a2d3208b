"""A client of server-sent events, as strict as a test wants it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

LIMIT: Final = 2**20


@dataclass(frozen=True)
class Message:
    """An event; a comment has only its text as `event`."""

    id: int | None
    event: str
    data: Any = None


class Stream:
    """The messages of a running stream, one by one; `retry_ms` is what it begins with."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response
        self.retry_ms: int | None = None

    async def next(self) -> Message | None:
        """The next event or comment, None at the end of the stream."""
        block: list[str] = []
        async for raw in self.response.content:
            line = raw.decode().removesuffix("\n")
            if line.startswith("retry: "):
                self.retry_ms = int(line.removeprefix("retry: "))
            elif line:
                block.append(line)
            elif block:
                return _message(block)
        assert not block, f"the stream ended in the middle of {block}"
        return None

    async def rest(self) -> list[Message]:
        """All events up to the end; comments are left out."""
        found = []
        while (message := await self.next()) is not None:
            if message.id is not None:
                found.append(message)
        return found

    async def take(self, n: int) -> list[Message]:
        """The next `n` events."""
        found: list[Message] = []
        while len(found) < n:
            message = await self.next()
            assert message is not None, f"the stream ended after {found}"
            if message.id is not None:
                found.append(message)
        return found


@asynccontextmanager
async def stream(
    http: aiohttp.ClientSession, url: str, key: str, *, after: int | None = None
) -> AsyncIterator[Stream]:
    """Follow a session's events; `after` is sent as `Last-Event-ID`."""
    headers = {"Authorization": f"Bearer {key}"}
    if after is not None:
        headers["Last-Event-ID"] = str(after)
    async with http.get(url, headers=headers, read_bufsize=LIMIT) as response:
        yield Stream(response)


def _message(block: list[str]) -> Message:
    if block[0].startswith(":"):
        assert len(block) == 1
        return Message(None, block[0])
    fields = dict(line.split(": ", 1) for line in block)
    number = int(fields.pop("id")) if "id" in fields else None
    assert list(fields) == ["event", "data"]
    return Message(number, fields["event"], json.loads(fields["data"]))
