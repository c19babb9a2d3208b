"""A room whose signalling was cut: lost, or only to be waited for."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from livekit import rtc

from agent.room.lost_room import GONE_S, LOOK_EVERY_S, RESUME_S, SILENT_S, LostRoom, is_silent
from agent.worker.link import UNTAKEN_S
from tests.unit.agent.fake_room import FakeRoom

REPORT_S = 1.0


class Watched(FakeRoom):
    """A room that is watched, and when it was lost; its signalling is cut at 0."""

    def __init__(self) -> None:
        super().__init__()
        self.lost_at: list[float] = []
        self._began_at = _now()
        self.watch = LostRoom(self.room, lambda: self.lost_at.append(_now() - self._began_at))

    async def sounds(self, for_s: float) -> None:
        """Packets arrive meanwhile, as far apart as they ever are in a room that lives."""
        for _ in range(round(for_s / REPORT_S)):
            self.packet_at = _now()
            await asyncio.sleep(REPORT_S)


def _now() -> float:
    return asyncio.get_running_loop().time()


@pytest_asyncio.fixture
async def room() -> AsyncIterator[Watched]:
    made = Watched()
    yield made
    made.watch.stop()


async def test_a_room_that_is_back_in_time_is_not_lost(room: Watched) -> None:
    for _ in range(10):
        room.emit("reconnecting")
        await asyncio.sleep(GONE_S - 0.1)
        room.emit("reconnected")
    await asyncio.sleep(60.0)

    assert room.lost_at == []


@pytest.mark.parametrize("before_s", [None, 0.1, 20.0])
async def test_a_room_without_signalling_and_sound_is_lost_soon(
    room: Watched, before_s: float | None
) -> None:
    room.packet_at = None if before_s is None else _now() - before_s
    room.emit("reconnecting")
    await asyncio.sleep(60.0)

    assert room.lost_at == [pytest.approx(GONE_S)]


async def test_a_room_whose_sound_flows_is_waited_for(room: Watched) -> None:
    room.emit("reconnecting")
    await room.sounds(8.0)
    assert room.lost_at == []
    room.emit("reconnected")
    await asyncio.sleep(60.0)

    assert room.lost_at == []


async def test_a_room_whose_sound_ends_as_well_is_lost_soon_after(room: Watched) -> None:
    room.emit("reconnecting")
    await room.sounds(5.0)
    last_at = 4.0
    await asyncio.sleep(60.0)

    assert room.lost_at == [pytest.approx(last_at + GONE_S, abs=LOOK_EVERY_S)]


async def test_a_room_that_is_never_resumed_is_lost_whatever_flows(room: Watched) -> None:
    room.emit("reconnecting")
    await room.sounds(60.0)

    assert room.lost_at == [pytest.approx(RESUME_S)]


@pytest.mark.parametrize("is_stubborn", [False, True])
async def test_a_room_of_which_the_sdk_tells_nothing_is_lost_soon(
    room: Watched, monkeypatch: pytest.MonkeyPatch, is_stubborn: bool
) -> None:
    async def told() -> rtc.RtcStats:
        if is_stubborn:
            await asyncio.Event().wait()
        raise RuntimeError("the room isn't connected")

    monkeypatch.setattr(room, "get_rtc_stats", told)
    room.emit("reconnecting")
    await asyncio.sleep(60.0)

    assert room.lost_at == [pytest.approx(GONE_S, abs=0.5)]


async def test_a_room_is_silent_when_no_packet_came_for_a_while(room: Watched) -> None:
    assert await is_silent(room.room)
    room.packet_at = _now()
    assert not await is_silent(room.room)
    await asyncio.sleep(REPORT_S)
    assert not await is_silent(room.room)
    await asyncio.sleep(SILENT_S - REPORT_S + 0.01)

    assert await is_silent(room.room)


def test_a_cut_that_the_network_tells_of_is_believed_at_once() -> None:
    assert SILENT_S <= UNTAKEN_S
