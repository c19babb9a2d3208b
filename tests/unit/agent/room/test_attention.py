"""Whether the caller follows what is said, in whichever way."""

import asyncio

import pytest

from agent.room.attention import READER_S, SPEAKER_S, Attention
from agent.room.presence import Presence
from tests.unit.agent.fake_room import FakeRoom

CALLER = "caller-1"
PATIENCE_S = 15.0


class Waiting:
    """A room that the caller is in, and for how long their attention is waited for."""

    def __init__(self) -> None:
        self.room = FakeRoom()
        presence = Presence(self.room.room, CALLER, on_track=lambda _: None)
        self.attention = Attention(presence)
        self.is_received = asyncio.Event()
        self.room.join(CALLER)

    async def _receiving(self) -> None:
        await self.is_received.wait()

    async def given_after_s(self) -> float | None:
        """None: not in time."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        is_given = await self.attention.given(self._receiving(), PATIENCE_S)
        return loop.time() - started if is_given else None


@pytest.fixture
async def waiting() -> Waiting:
    return Waiting()


async def test_who_receives_the_track_hears(waiting: Waiting) -> None:
    waiting.room.reach(CALLER)
    asyncio.get_running_loop().call_later(1.0, waiting.is_received.set)

    assert await waiting.given_after_s() == pytest.approx(1.0)


async def test_who_types_is_not_made_to_wait(waiting: Waiting) -> None:
    waiting.room.reach(CALLER)
    asyncio.get_running_loop().call_later(1.0, waiting.attention.typed)

    assert await waiting.given_after_s() == pytest.approx(1.0)


async def test_who_is_reached_and_receives_no_track_reads(waiting: Waiting) -> None:
    asyncio.get_running_loop().call_later(1.0, waiting.room.reach, CALLER)

    assert await waiting.given_after_s() == pytest.approx(1.0 + READER_S)


async def test_who_speaks_is_waited_for_until_they_hear(waiting: Waiting) -> None:
    waiting.room.reach(CALLER)
    waiting.room.publish(CALLER, "microphone")
    asyncio.get_running_loop().call_later(READER_S + 2.0, waiting.is_received.set)

    assert await waiting.given_after_s() == pytest.approx(READER_S + 2.0)


async def test_who_speaks_and_never_receives_the_track_reads_in_the_end(waiting: Waiting) -> None:
    asyncio.get_running_loop().call_later(1.0, waiting.room.reach, CALLER)
    asyncio.get_running_loop().call_later(2.0, waiting.room.publish, CALLER, "microphone")

    assert await waiting.given_after_s() == pytest.approx(1.0 + SPEAKER_S)


async def test_who_is_reached_late_is_not_given_up(waiting: Waiting) -> None:
    waiting.room.publish(CALLER, "microphone")
    asyncio.get_running_loop().call_later(PATIENCE_S - 1.0, waiting.room.reach, CALLER)

    assert await waiting.given_after_s() == pytest.approx(PATIENCE_S)


async def test_who_is_never_reached_does_not_follow(waiting: Waiting) -> None:
    assert await waiting.given_after_s() is None
