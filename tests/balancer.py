"""What stands before several servers of one kind: each new connection goes to the next of them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Self


class Balancer:
    """Listens on a loopback port of its own. Connections that stand are left alone, unless it is
    told to cut them."""

    def __init__(self, ports: Sequence[int]) -> None:
        self.ports = list(ports)
        self.port = 0
        self._relays: set[asyncio.Task[None]] = set()
        self._is_whole = asyncio.Event()
        self._is_whole.set()

    @classmethod
    @asynccontextmanager
    async def before(cls, *ports: int) -> AsyncIterator[Self]:
        """One that serves until the end of the block."""
        balancer = cls(ports)
        server = await asyncio.start_server(balancer._relay, "127.0.0.1", 0)
        balancer.port = server.sockets[0].getsockname()[1]
        try:
            yield balancer
        finally:
            server.close()
            balancer.cut()
            await asyncio.gather(*balancer._relays, return_exceptions=True)

    def take_out(self, port: int) -> None:
        """Send it nobody new, as a balancer does with a server that says that it will stop."""
        self.ports.remove(port)

    def cut(self) -> None:
        """End all connections, and let new ones wait."""
        self._is_whole.clear()
        for relay in self._relays:
            relay.cancel()

    def mend(self) -> None:
        """Serve them."""
        self._is_whole.set()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._relays.add(task)
        self.ports.append(self.ports.pop(0))
        try:
            with suppress(OSError, asyncio.CancelledError):
                await self._is_whole.wait()
                await self._join(reader, writer, self.ports[-1])
        finally:
            writer.close()
            self._relays.discard(task)

    async def _join(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int
    ) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        ways = [
            asyncio.ensure_future(_copy(reader, back)),
            asyncio.ensure_future(_copy(there, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            back.close()
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
