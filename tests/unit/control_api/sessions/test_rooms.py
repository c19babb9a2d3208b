"""How often LiveKit is asked whether it is there."""

import asyncio
from typing import Any, cast

import pytest
from livekit.api import ListRoomsResponse, LiveKitAPI, TwirpError

from control_api.sessions.rooms import Rooms
from core.errors import LiveKitUnavailable
from tests.virtual_time import run_virtual


class LiveKit:
    """Counts what it is asked; answers unless it `fails`."""

    def __init__(self) -> None:
        self.n_asked = 0
        self.fails: Exception | None = None
        self.room = self
        self.rooms = Rooms(cast(LiveKitAPI, self), timeout_s=5.0)

    async def list_rooms(self, _: Any) -> ListRoomsResponse:
        self.n_asked += 1
        if self.fails is not None:
            raise self.fails
        return ListRoomsResponse()

    async def delete_room(self, _: Any) -> None:
        await self.list_rooms(None)


async def is_there(rooms: Rooms) -> bool:
    try:
        await rooms.check()
    except LiveKitUnavailable:
        return False
    return True


def test_what_it_answered_a_moment_ago_is_not_asked_again() -> None:
    async def scene() -> int:
        livekit = LiveKit()
        for _ in range(20):
            assert await is_there(livekit.rooms)
            await asyncio.sleep(0.05)
        return livekit.n_asked

    assert run_virtual(scene()) == 4


@pytest.mark.parametrize(
    "failure", [ConnectionError("gone"), TwirpError("unauthenticated", "no", status=401)]
)
def test_that_it_is_away_is_found_out_each_time(failure: Exception) -> None:
    async def scene() -> int:
        livekit = LiveKit()
        livekit.fails = failure
        assert [await is_there(livekit.rooms) for _ in range(3)] == [False] * 3
        livekit.fails = None
        assert await is_there(livekit.rooms)
        return livekit.n_asked

    assert run_virtual(scene()) == 4


def test_whatever_fails_has_it_asked_anew() -> None:
    async def scene() -> None:
        livekit = LiveKit()
        assert await is_there(livekit.rooms)
        livekit.fails = ConnectionError("gone")
        with pytest.raises(LiveKitUnavailable):
            await livekit.rooms.delete("voice-1")
        assert not await is_there(livekit.rooms)

    run_virtual(scene())
