"""A client that takes next to nothing of the machine that it loads: ready-made requests, and of an
answer no more than its status and where it ends."""

import asyncio
import re
from typing import Final
from urllib.parse import urlsplit

_HEAD_END: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_TIMEOUT_S: Final = 60.0


def get(path: str, bearer: str) -> bytes:
    """A whole request."""
    head = ("Host: worst.example", f"Authorization: Bearer {bearer}")
    return "\r\n".join((f"GET {path} HTTP/1.1", *head, "", "")).encode()


class Connection(asyncio.Protocol):
    """One request at a time; what comes of it is passed over."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answered: asyncio.Future[str] | None = None
        self._head = b""
        self._left: int | None = None
        """Bytes of the answer that have not come; None as long as its head has not."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep it."""
        self._transport = transport  # type: ignore[assignment]  # uvloop's is no asyncio.Transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody waits for ever."""
        self._transport = None
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(exc or ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        """The answer, or a part of it."""
        if self._left is None:
            self._head += data
            end = self._head.find(_HEAD_END)
            if end < 0:
                return
            length = _LENGTH.search(self._head, 0, end)
            whole = end + len(_HEAD_END) + (int(length[1]) if length else 0)
            self._left = whole - len(self._head)
        else:
            self._left -= len(data)
        if self._left <= 0 and self._answered is not None and not self._answered.done():
            self._answered.set_result(self._head.split(maxsplit=2)[1].decode())

    @property
    def is_open(self) -> bool:
        """Whether it may be asked on."""
        return self._transport is not None and not self._transport.is_closing()

    async def ask(self, request: bytes) -> str:
        """The answer's status, once all of it has come. Raises `OSError`, `TimeoutError`."""
        if self._transport is None:
            raise ConnectionResetError
        self._head, self._left = b"", None
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        async with asyncio.timeout(_TIMEOUT_S):
            return await self._answered

    def close(self) -> None:
        """Ask no more."""
        if self._transport is not None:
            self._transport.abort()


class LightClient:
    """As many connections as there are requests under way, each used again and again."""

    def __init__(self, url: str) -> None:
        where = urlsplit(url)
        assert where.hostname is not None
        assert where.port is not None
        self._host, self._port = where.hostname, where.port
        self._idle: list[Connection] = []

    async def ask(self, request: bytes) -> str:
        """The status, or the name of what went wrong."""
        connection = None
        try:
            connection = await self._connection()
            status = await connection.ask(request)
        except (OSError, TimeoutError) as exc:
            if connection is not None:
                connection.close()
            return type(exc).__name__
        self._idle.append(connection)
        return status

    async def _connection(self) -> Connection:
        while self._idle:
            if (connection := self._idle.pop()).is_open:
                return connection
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(_TIMEOUT_S):
            connecting = loop.create_connection(Connection, self._host, self._port)
            return (await connecting)[1]
