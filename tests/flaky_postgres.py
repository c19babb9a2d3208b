"""A way to a test's database that can be closed and opened again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

from tests.servers import free_port


class FlakyPostgres:
    """Passes TCP connections on to the server's socket file; use `before`."""

    def __init__(self, dsn: str) -> None:
        given = urlsplit(dsn)
        (folder,) = parse_qs(given.query)["host"]
        self._socket = f"{folder}/.s.PGSQL.5432"
        self._port = free_port()
        self._server: asyncio.Server | None = None
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._passing: set[asyncio.Task[None]] = set()
        self.dsn = f"postgresql://{given.username}@127.0.0.1:{self._port}{given.path}"

    @classmethod
    @asynccontextmanager
    async def before(cls, dsn: str) -> AsyncIterator["FlakyPostgres"]:
        """Open at first; closed at the end."""
        proxy = cls(dsn)
        await proxy.open()
        try:
            yield proxy
        finally:
            await proxy.close()

    async def open(self) -> None:
        """Let connections through."""
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self._port)

    async def close(self) -> None:
        """Cut all connections and refuse new ones."""
        self._flowing.set()
        if self._server is not None:
            self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        if self._passing:
            await asyncio.wait(self._passing)
        self._server = None

    def mute(self) -> None:
        """Keep connections, and let nothing through any more."""
        self._flowing.clear()

    def speak(self) -> None:
        """Let through what was held back, too."""
        self._flowing.set()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._passing.add(task)
        server_reader, server_writer = await asyncio.open_unix_connection(self._socket)
        both = {writer, server_writer}
        self._writers |= both
        try:
            await asyncio.gather(
                self._copy(reader, server_writer), self._copy(server_reader, writer)
            )
        finally:
            self._writers -= both
            self._passing.discard(task)

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()
