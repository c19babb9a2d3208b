"""A socket's end is noticed whatever form it takes, and being rid of it takes no time."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from core.errors import ProviderBusy, ProviderClosed, ProviderError, ProviderTimeout
from pipeline.clock import now
from pipeline.providers.sarvam_errors import NoAnswer
from pipeline.providers.sarvam_socket import OUTGOING_FRAMES, OVER_WITHIN_S, Closings, Socket
from tests.unit.pipeline.fake_wire import FakeWire
from tests.virtual_time import stubborn

pytestmark = pytest.mark.usefixtures("no_loose_ends")


@pytest_asyncio.fixture
async def wire() -> FakeWire:
    return FakeWire()


@pytest_asyncio.fixture
async def socket(wire: FakeWire) -> AsyncIterator[Socket]:
    socket = Socket(wire, "speech", ["still here"])
    yield socket
    await socket.close()


async def end_of(socket: Socket) -> tuple[ProviderError, float]:
    """Why it ended, and how long that took."""
    began_at = now()
    while True:
        try:
            await socket.receive()
        except ProviderError as exc:
            return exc, now() - began_at


async def test_what_is_posted_goes_out_in_order(wire: FakeWire, socket: Socket) -> None:
    socket.post("a", b"b")
    socket.post("c")
    await asyncio.sleep(0)
    await asyncio.sleep(0.1)
    assert wire.sent == ["a", b"b", "c"]


async def test_an_idle_socket_is_kept_alive(wire: FakeWire, socket: Socket) -> None:
    await asyncio.sleep(65)
    assert wire.sent == ["still here"] * 3


async def test_what_came_before_the_end_is_received_first(wire: FakeWire, socket: Socket) -> None:
    wire.bring(text="last words")
    wire.end(ProviderBusy("speech", "closed with 1013"))
    socket.post("too late")
    await asyncio.sleep(0.1)
    assert "last words" in str(await socket.receive())
    assert isinstance((await end_of(socket))[0], ProviderBusy)
    assert not socket.is_open


async def test_a_connection_that_freezes_is_noticed_by_its_missing_pong(
    wire: FakeWire, socket: Socket
) -> None:
    wire.is_frozen = True
    error, after_s = await end_of(socket)
    assert isinstance(error, ProviderTimeout)
    assert after_s == pytest.approx(15.0)


async def test_a_late_pong_is_forgiven_to_a_connection_that_brings_something(
    wire: FakeWire, socket: Socket
) -> None:
    ended = asyncio.create_task(end_of(socket))
    await asyncio.sleep(9.0)
    wire.is_frozen = True
    await asyncio.sleep(3.0)
    wire.is_frozen = False
    wire.bring(text="much sound before the pong")
    await asyncio.sleep(4.0)
    assert not ended.done()
    ended.cancel()
    await asyncio.wait([ended])


async def test_an_answer_that_does_not_come_in_time_ends_it(socket: Socket) -> None:
    socket.expect_by(now() + 2.0)
    socket.expect_by(now() + 3.0)
    error, after_s = await end_of(socket)
    assert isinstance(error, NoAnswer)
    assert after_s == pytest.approx(3.0)


async def test_one_that_owes_nothing_is_waited_for(socket: Socket) -> None:
    socket.expect_by(now() + 2.0)
    socket.expect_by(None)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(60.0):
            await socket.receive()


async def test_one_that_takes_no_more_is_given_up(wire: FakeWire, socket: Socket) -> None:
    socket.post(*["a"] * (OUTGOING_FRAMES + 2))
    error, _ = await end_of(socket)
    assert isinstance(error, ProviderClosed)
    assert wire.was_aborted


async def test_closing_takes_no_more_than_two_seconds_of_a_side_that_says_nothing() -> None:
    wire = FakeWire()
    socket = Socket(wire, "speech", [])
    wire.is_frozen = True
    began_at = now()
    await socket.close()
    assert now() - began_at <= 2.0
    assert wire.was_aborted


async def test_its_age_counts_from_its_opening() -> None:
    wire = FakeWire()
    await asyncio.sleep(60)
    socket = Socket(wire, "speech", [])
    await asyncio.sleep(3)
    assert socket.age_s == pytest.approx(3)
    await socket.close()


async def test_a_closing_that_hangs_is_named_and_left(caplog: pytest.LogCaptureFixture) -> None:
    closings = Closings()
    closings.start(stubborn(60))
    began_at = now()
    await closings.over()
    assert now() - began_at == pytest.approx(OVER_WITHIN_S)
    assert [vars(one)["task"] for one in caplog.records] == ["socket-close"]
    await asyncio.sleep(60)
