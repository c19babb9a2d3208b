"""A TCP proxy whose connections fail on command: the network between a client and its server.

::

    client ──▶ [listener] ── Link ──▶ server          mend     bytes pass, new connections too
                                                      pause    all bytes wait; none is lost
                                                      refuse   nobody listens
                                                      cut      each connection is reset, now
                                                      mute     each goes on, and carries nothing

`pause` is a network that is away: whoever waits long enough goes on where they were. A connection
that was muted stays so; new ones pass.
"""

import asyncio
import contextlib
import random
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final, Self

_CHUNK_BYTES: Final = 64 * 1024
_OPENING_BYTES: Final = 4096
_AT_ONCE: Final = struct.pack("ii", 1, 0)
"""SO_LINGER: the close is a reset."""
_UNASSIGNED_PORTS: Final = (20_000, 32_000)
"""Below those that the kernel gives to outgoing connections."""

Target = tuple[str, int] | str
"""Host and port, or the path of a socket file."""
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Link:
    """One connection through a proxy. `opening`: its client's first bytes."""

    def __init__(self, client: Streams, passing: asyncio.Event) -> None:
        self.opening = b""
        self.client_port: Final[int] = client[1].get_extra_info("peername")[1]
        self._client = client
        self._server: Streams | None = None
        self._passing = passing
        self._is_mute = False

    def cut(self) -> None:
        """Reset both sides."""
        for _, writer in filter(None, (self._client, self._server)):
            sock: socket.socket = writer.get_extra_info("socket")
            with contextlib.suppress(OSError):  # it is closed already
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            writer.transport.abort()

    def mute(self) -> None:
        """From now on swallow what either side sends."""
        self._is_mute = True

    async def carry(self, target: Target) -> None:
        """Both ways until both sides have ended, or one is gone."""
        await self._passing.wait()
        try:
            self._server = await _connect(target)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(self._client[0], self._server[1], keeps=True))
                group.create_task(self._pump(self._server[0], self._client[1]))
        except* OSError:
            self.cut()
        finally:
            for _, writer in filter(None, (self._client, self._server)):
                writer.close()

    async def _pump(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, keeps: bool = False
    ) -> None:
        while data := await source.read(_CHUNK_BYTES):
            if keeps and len(self.opening) < _OPENING_BYTES:
                self.opening += data[: _OPENING_BYTES - len(self.opening)]
            await self._passing.wait()
            if not self._is_mute:
                target.write(data)
                await target.drain()
        if target.can_write_eof() and not self._is_mute:
            target.write_eof()


Chosen = Callable[[Link], bool]


def every(_: Link) -> bool:
    """All connections."""
    return True


class Proxy:
    """In front of one server; use `opened`. Its commands act at once."""

    def __init__(self, target: Target, host: str) -> None:
        self._target = target
        self._host = host
        self._port = 0
        self._server: asyncio.Server | None = None
        self._passing = asyncio.Event()
        self._passing.set()
        self._carrying: dict[asyncio.Task[None], Link] = {}
        self.n_accepted = 0

    @classmethod
    @asynccontextmanager
    async def opened(cls, target: Target, *, host: str = "127.0.0.1") -> AsyncIterator[Self]:
        """Listen while the block lasts; then cut what is left."""
        proxy = cls(target, host)
        await proxy._listen()
        try:
            yield proxy
        finally:
            await proxy._close()

    @property
    def port(self) -> int:
        """The same all its life."""
        return self._port

    @property
    def address(self) -> str:
        """`host:port`."""
        return f"{self._host}:{self._port}"

    @property
    def links(self) -> list[Link]:
        """The open ones, oldest first."""
        return list(self._carrying.values())

    def cut(self, chosen: Chosen = every) -> None:
        """Reset these connections; new ones are as welcome as before."""
        for link in filter(chosen, self.links):
            link.cut()

    def mute(self, chosen: Chosen = every) -> None:
        """Leave these open and carry nothing over them any more."""
        for link in filter(chosen, self.links):
            link.mute()

    def pause(self) -> None:
        """Hold up every byte and every new connection until `mend`."""
        self._passing.clear()

    def refuse(self) -> None:
        """Listen no more and reset every connection, until `mend`."""
        self._stop_listening()
        self.cut()

    async def mend(self) -> None:
        """As in the beginning."""
        self._passing.set()
        if self._server is None:
            await self._listen()

    async def _listen(self) -> None:
        port = self._port or quiet_port(self._host)
        self._server = await asyncio.start_server(self._accept, self._host, port)
        self._port = port

    def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.n_accepted += 1
        link = Link((reader, writer), self._passing)
        task = asyncio.current_task()
        assert task is not None
        self._carrying[task] = link
        try:
            await link.carry(self._target)
        except asyncio.CancelledError:
            link.cut()
        finally:
            del self._carrying[task]

    async def _close(self) -> None:
        self._stop_listening()
        tasks = list(self._carrying)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def quiet_port(host: str = "127.0.0.1") -> int:
    """A port that nobody is given by chance while nobody listens on it."""
    while True:
        port = random.randrange(*_UNASSIGNED_PORTS)
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) != 0:
                return port


async def _connect(target: Target) -> Streams:
    if isinstance(target, str):
        return await asyncio.open_unix_connection(target)
    return await asyncio.open_connection(*target)
