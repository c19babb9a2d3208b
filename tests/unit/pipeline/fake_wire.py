"""A connection in memory, and a service that accepts it: scripted from the far side."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from core.errors import ProviderClosed, ProviderError
from pipeline.providers.sarvam_socket import Frame
from tests.virtual_time import stubborn


class FakeWire:
    """What was sent over it is in `sent`; `bring` and `end` act for the other side.

    A frozen one takes what it is sent and brings nothing, not even pongs or the end of a close.
    Who stops reading has to wait for `clings_s`.
    """

    def __init__(self) -> None:
        self.is_accepted = True
        self.sent: list[Frame] = []
        self.is_frozen = False
        self.clings_s = 0.0
        self.is_closed = False
        self.was_aborted = False
        self._is_read = False
        self.on_sent: Callable[[Frame], None] = lambda _: None
        self._incoming: asyncio.Queue[Frame] = asyncio.Queue()
        self._ended: asyncio.Future[ProviderError] = asyncio.get_running_loop().create_future()

    @property
    def events(self) -> list[Any]:
        """What was sent: messages by their kind, sound as its bytes."""
        return [one if isinstance(one, bytes) else _kind(one) for one in self.sent]

    def bring(self, **message: Any) -> None:
        """The other side sends a message."""
        if not self.is_frozen:
            self._incoming.put_nowait(json.dumps(message))

    def end(self, error: ProviderError | None = None) -> None:
        """The connection ends, cut or with an error of our tree."""
        if not self._ended.done():
            self._ended.set_result(error or ProviderClosed("fake", "cut"))

    async def send(self, frame: Frame) -> None:
        if self._ended.done():
            raise self._ended.result()
        self.sent.append(frame)
        self.on_sent(frame)

    async def recv(self) -> Frame:
        assert not self._is_read, "two read at once"
        self._is_read = True
        getting = asyncio.ensure_future(self._incoming.get())
        waiting: set[asyncio.Future[Any]] = {getting, self._ended}
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if getting.done():
                return getting.result()
            raise self._ended.result()
        finally:
            getting.cancel()
            if self.clings_s:
                await stubborn(self.clings_s)
            self._is_read = False

    async def ping(self) -> None:
        if self.is_frozen:
            raise await asyncio.shield(self._ended)
        if self._ended.done():
            raise self._ended.result()

    async def close(self) -> None:
        if self.is_frozen:
            await asyncio.wait({self._ended})
        self.is_closed = True
        self.end()

    def abort(self) -> None:
        self.was_aborted = True
        self.end()


class FakeService:
    """Accepts connections. `opening` is awaited in each, and may raise; `greet` sees the wire."""

    def __init__(self) -> None:
        self.wires: list[FakeWire] = []
        self.opening: Callable[[], Any] = lambda: asyncio.sleep(0.05)
        self.greet: Callable[[FakeWire], None] = lambda _: None
        self.n_asked = 0

    async def accept(self) -> FakeWire:
        self.n_asked += 1
        await self.opening()
        wire = FakeWire()
        self.wires.append(wire)
        self.greet(wire)
        return wire

    @property
    def wire(self) -> FakeWire:
        """The last one."""
        return self.wires[-1]


def _kind(text: str) -> Any:
    message = json.loads(text)
    return message.get("event") or message.get("type") or "audio"
