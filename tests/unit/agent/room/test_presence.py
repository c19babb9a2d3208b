"""Whether the caller is there, how they went, and which of their tracks is listened to."""

import asyncio

import pytest
from livekit import rtc

from agent.room.presence import Presence
from tests.unit.agent.fake_room import HUNG_UP, SCREEN_SOUND, FakeRoom, Publication

CALLER = "caller-1"


class Followed:
    """A room with a caller in it, and all that was told of them."""

    def __init__(self) -> None:
        self.room = FakeRoom()
        self.heard: list[rtc.RemoteAudioTrack | None] = []
        self.presence = Presence(self.room.room, CALLER, on_track=self.heard.append)
        self.room.join(CALLER)


@pytest.fixture
def followed() -> Followed:
    return Followed()


async def is_here(presence: Presence) -> bool:
    return await presence.here(0.0)


async def test_one_who_leaves_on_purpose_has_hung_up(followed: Followed) -> None:
    followed.room.leave(CALLER, HUNG_UP)

    await followed.presence.gone()
    assert followed.presence.has_hung_up
    assert not await is_here(followed.presence)


@pytest.mark.parametrize(
    "reason",
    [reason for reason in rtc.DisconnectReason.values() if reason != HUNG_UP],
    ids=rtc.DisconnectReason.Name,
)
async def test_no_other_way_of_leaving_is_a_hang_up(
    followed: Followed, reason: rtc.DisconnectReason.ValueType
) -> None:
    followed.room.leave(CALLER, reason)

    await followed.presence.gone()
    assert not followed.presence.has_hung_up


async def test_one_who_comes_back_has_not_hung_up(followed: Followed) -> None:
    followed.room.leave(CALLER, HUNG_UP)
    followed.room.join(CALLER)

    assert await is_here(followed.presence)
    assert not followed.presence.has_hung_up
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.0):
            await followed.presence.gone()


async def test_a_lost_connection_after_a_hang_up_is_no_hang_up(followed: Followed) -> None:
    followed.room.leave(CALLER, HUNG_UP)
    followed.room.join(CALLER)
    followed.room.leave(CALLER, rtc.DisconnectReason.CONNECTION_TIMEOUT)

    assert not followed.presence.has_hung_up


async def test_the_microphone_is_heard_whichever_track_came_first(followed: Followed) -> None:
    shared = followed.room.publish(CALLER, "shared", SCREEN_SOUND)
    microphone = followed.room.publish(CALLER, "microphone")

    assert followed.heard == [shared, microphone]


async def test_a_second_track_does_not_replace_the_microphone(followed: Followed) -> None:
    microphone = followed.room.publish(CALLER, "microphone")
    followed.room.publish(CALLER, "shared", SCREEN_SOUND)
    followed.room.unpublish(CALLER, "shared")

    assert followed.heard == [microphone]


async def test_without_the_microphone_the_other_track_is_heard_until_it_is_back(
    followed: Followed,
) -> None:
    first = followed.room.publish(CALLER, "first")
    shared = followed.room.publish(CALLER, "shared", SCREEN_SOUND)
    followed.room.unpublish(CALLER, "first")
    second = followed.room.publish(CALLER, "second")

    assert followed.heard == [first, shared, second]


async def test_of_two_microphones_the_latest_is_heard_then_the_one_before(
    followed: Followed,
) -> None:
    first = followed.room.publish(CALLER, "first")
    second = followed.room.publish(CALLER, "second")
    followed.room.unpublish(CALLER, "second")

    assert followed.heard == [first, second, first]


async def test_without_any_track_there_is_nothing_to_hear(followed: Followed) -> None:
    microphone = followed.room.publish(CALLER, "microphone")
    followed.room.unpublish(CALLER, "microphone")

    assert followed.heard == [microphone, None]


async def test_one_who_left_without_a_track_leaves_nothing_to_stop(followed: Followed) -> None:
    followed.room.leave(CALLER)

    assert followed.heard == []


async def test_tracks_of_one_who_left_are_not_heard_when_they_are_back(followed: Followed) -> None:
    before = followed.room.publish(CALLER, "before")
    followed.room.leave(CALLER)
    followed.room.join(CALLER)
    shared = followed.room.publish(CALLER, "shared", SCREEN_SOUND)

    assert followed.heard == [before, None, shared]


async def test_a_picture_is_not_heard(followed: Followed) -> None:
    participant = followed.room.remote_participants[CALLER]
    picture = Publication("picture", rtc.TrackSource.SOURCE_CAMERA, object())
    followed.room.emit("track_subscribed", picture.track, picture, participant)

    assert followed.heard == []


async def test_nobody_else_matters(followed: Followed) -> None:
    microphone = followed.room.publish(CALLER, "microphone")
    followed.room.join("supervisor")
    followed.room.publish("supervisor", "theirs")
    followed.room.unpublish("supervisor", "theirs")
    followed.room.leave("supervisor")

    assert await is_here(followed.presence)
    assert followed.heard == [microphone]
    assert not followed.presence.has_hung_up


async def test_a_look_finds_a_caller_who_was_there_first_and_their_tracks() -> None:
    room = FakeRoom()
    heard: list[rtc.RemoteAudioTrack | None] = []
    room.join(CALLER)
    microphone = room.publish(CALLER, "microphone")
    room.publish(CALLER, "shared", SCREEN_SOUND)
    presence = Presence(room.room, CALLER, on_track=heard.append)
    assert not await is_here(presence)

    presence.look()

    assert await is_here(presence)
    assert heard == [microphone]


async def test_a_look_at_what_is_known_tells_nothing_again(followed: Followed) -> None:
    microphone = followed.room.publish(CALLER, "microphone")
    followed.presence.look()

    assert followed.heard == [microphone]


async def test_a_look_finds_that_the_caller_is_gone_already() -> None:
    room = FakeRoom()
    presence = Presence(room.room, CALLER, on_track=lambda _: None)

    presence.look()

    async with asyncio.timeout(1.0):
        await presence.gone()
    assert not await presence.here(1.0)
    assert not presence.has_hung_up


async def test_one_who_is_waited_for_is_here_as_soon_as_they_come() -> None:
    room = FakeRoom()
    presence = Presence(room.room, CALLER, on_track=lambda _: None)
    presence.look()
    loop = asyncio.get_running_loop()
    started = loop.time()
    loop.call_later(2.0, room.join, CALLER)

    assert await presence.here(5.0)
    assert loop.time() - started == pytest.approx(2.0)


async def is_reached(presence: Presence) -> bool:
    try:
        async with asyncio.timeout(1.0):
            await presence.reached()
    except TimeoutError:
        return False
    return True


async def test_who_is_in_the_room_is_reached_once_their_connection_is_up(
    followed: Followed,
) -> None:
    followed.room.join("supervisor")
    followed.room.reach("supervisor")
    assert not await is_reached(followed.presence)
    followed.room.reach(CALLER)
    assert await is_reached(followed.presence)
    followed.room.leave(CALLER)
    followed.room.join(CALLER)
    assert not await is_reached(followed.presence)


async def test_a_look_finds_that_the_caller_is_reached_already() -> None:
    room = FakeRoom()
    room.join(CALLER)
    room.reach(CALLER)
    presence = Presence(room.room, CALLER, on_track=lambda _: None)

    presence.look()

    assert await is_reached(presence)
