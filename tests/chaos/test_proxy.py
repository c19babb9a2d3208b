"""The proxy does what its commands say, on real sockets."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

import pytest

from benchmarks.chaos.proxy import Proxy
from tests.eventually import eventually

DEADLINE_S = 60.0
A_WHILE_S = 0.3


class Echo(asyncio.Protocol):
    """Says everything back."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)


@asynccontextmanager
async def echo() -> AsyncIterator[int]:
    """Its port."""
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", 0)
    async with server:
        port: int = server.sockets[0].getsockname()[1]
        yield port


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    async with echo() as port, Proxy.opened(("127.0.0.1", port)) as proxy:
        yield proxy


class Client:
    """One connection through the proxy."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    def say(self, data: bytes) -> None:
        self.writer.write(data)

    async def hears(self) -> bytes:
        """What comes next, b"" at the end. Raises ConnectionError."""
        async with asyncio.timeout(DEADLINE_S):
            return await self._reader.read(1000)

    async def is_left_waiting(self) -> bool:
        """Whether nothing at all comes in a while."""
        try:
            async with asyncio.timeout(A_WHILE_S):
                await self._reader.read(1000)
        except TimeoutError:
            return True
        return False


Connect: TypeAlias = Callable[..., Awaitable[Client]]


@pytest.fixture
async def connect(proxy: Proxy) -> AsyncIterator[Connect]:
    """Opens a connection and says something; it is closed in the end."""
    clients: list[Client] = []

    async def open_one(opening: bytes = b"hello") -> Client:
        clients.append(Client(*await asyncio.open_connection("127.0.0.1", proxy.port)))
        clients[-1].say(opening)
        return clients[-1]

    yield open_one
    for client in clients:
        client.writer.transport.abort()


async def test_bytes_pass_and_so_does_an_end(proxy: Proxy, connect: Connect) -> None:
    client = await connect(b"hello")
    assert await client.hears() == b"hello"
    client.writer.write_eof()
    assert await client.hears() == b""

    async def is_forgotten() -> bool:
        return not proxy.links

    await eventually(is_forgotten, what="the end of the link")


async def test_a_cut_resets_the_chosen_connection_and_no_other(
    proxy: Proxy, connect: Connect
) -> None:
    doomed, spared = await connect(b"GET /doomed"), await connect(b"GET /spared")
    assert (await doomed.hears(), await spared.hears()) == (b"GET /doomed", b"GET /spared")
    proxy.cut(lambda link: b"doomed" in link.opening)
    with pytest.raises(ConnectionResetError):
        await doomed.hears()
    spared.say(b"still here")
    assert await spared.hears() == b"still here"
    assert proxy.n_accepted == 2


async def test_where_nobody_listens_connections_are_refused_until_it_is_mended(
    proxy: Proxy, connect: Connect
) -> None:
    before = await connect()
    assert await before.hears() == b"hello"
    proxy.refuse()
    with pytest.raises(ConnectionResetError):
        await before.hears()
    with pytest.raises(ConnectionRefusedError):
        await connect()
    await proxy.mend()
    assert await (await connect(b"again")).hears() == b"again"


async def test_a_mute_connection_stays_open_and_silent_and_new_ones_pass(
    proxy: Proxy, connect: Connect
) -> None:
    muted = await connect()
    assert await muted.hears() == b"hello"
    proxy.mute()
    muted.say(b"anybody?")
    assert await muted.is_left_waiting()
    assert await (await connect(b"new")).hears() == b"new"


async def test_what_is_said_in_a_pause_arrives_after_it(proxy: Proxy, connect: Connect) -> None:
    before = await connect()
    assert await before.hears() == b"hello"
    proxy.pause()
    late = await connect(b"so new")
    before.say(b"patience")
    assert await before.is_left_waiting()
    assert await late.is_left_waiting()
    await proxy.mend()
    assert (await before.hears(), await late.hears()) == (b"patience", b"so new")


async def test_a_server_that_is_away_is_a_reset_for_its_client() -> None:
    async with echo() as port:
        pass
    async with Proxy.opened(("127.0.0.1", port)) as proxy:
        client = Client(*await asyncio.open_connection("127.0.0.1", proxy.port))
        with pytest.raises(ConnectionResetError):
            await client.hears()
        client.writer.transport.abort()
