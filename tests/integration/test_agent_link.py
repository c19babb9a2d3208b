"""Which silence of LiveKit's address a worker takes for a cut, on real sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent.signs import Sign, Signs
from agent.worker.link import UNTAKEN_S, Link
from core.setting_groups import LiveKitSettings

pytestmark = pytest.mark.skipif(
    not hasattr(socket, "TCP_USER_TIMEOUT"), reason="a kernel that does not give up"
)


@pytest.fixture
def sign(tmp_path: Path) -> Sign:
    return Signs(tmp_path).cut_off


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """A server that takes one connection and answers nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as found:
        yield found


@asynccontextmanager
async def asking(listening: socket.socket, sign: Sign) -> AsyncIterator[None]:
    url = f"ws://127.0.0.1:{listening.getsockname()[1]}"
    task = asyncio.create_task(Link(LiveKitSettings(url=url), sign).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_a_network_that_takes_nothing_is_a_cut(
    listening: socket.socket, sign: Sign, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_connection(listening.getsockname()):  # now its queue is full
        async with asking(listening, sign), asyncio.timeout(60.0):
            await sign.seen()
    assert [vars(line)["outcome"] for line in caplog.records] == ["untaken"]


async def test_a_server_that_is_slow_is_no_cut(listening: socket.socket, sign: Sign) -> None:
    async with asking(listening, sign):
        await asyncio.sleep(1.5 * UNTAKEN_S)
        assert not sign.path.exists()
