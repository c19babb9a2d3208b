"""What the session is told of its room: what the caller types, and when the room is lost."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from livekit import rtc

from agent.room.audio import RoomPlayout
from agent.room.call import MAX_TEXT_CHARS, TEXT_TOPIC, Call, CallHandlers
from agent.room.text import RoomText
from tests.unit.agent.fake_room import FakeRoom

CALLER = "caller-1"


class Playout:
    """Of its sound so much is under way."""

    under_way_s = 1.0


@dataclass
class Heard:
    """A room, and what its call told of it."""

    room: FakeRoom = field(default_factory=FakeRoom)
    typed: list[str] = field(default_factory=list)
    lost: list[bool] = field(default_factory=list)
    call: Call = field(init=False)

    def on_lost(self, is_deleted: bool) -> None:
        self.lost.append(is_deleted)

    async def type(self, *chunks: str, by: str = CALLER, breaks: bool = False) -> "Typing":
        typing = Typing(chunks, breaks=breaks)
        self.room.on_stream[TEXT_TOPIC](typing, by)
        await asyncio.sleep(0.01)
        return typing


class Typing:
    """Stands for `rtc.TextStreamReader`: gives chunks, then ends or breaks."""

    def __init__(self, chunks: Sequence[str], *, breaks: bool) -> None:
        self._chunks = chunks
        self._breaks = breaks
        self.is_closed = False

    async def __aiter__(self) -> AsyncIterator[str]:
        for chunk in self._chunks:
            await asyncio.sleep(0)
            yield chunk
        if self._breaks:
            raise rtc.StreamError("aborted by the sender")

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
async def heard() -> Heard:
    made = Heard()
    handlers = CallHandlers(lambda _: None, made.typed.append, made.on_lost)
    made.call = Call(
        cast(Any, made),  # of a job only the room is used here
        cast(RoomPlayout, Playout()),
        cast(rtc.LocalAudioTrack, None),
        cast(RoomText, None),
        caller=CALLER,
        handlers=handlers,
    )
    return made


async def test_what_the_caller_types_is_one_text(heard: Heard) -> None:
    await heard.type("When do ", "you open?")
    await heard.type("Not mine.", by="supervisor")

    assert heard.typed == ["When do you open?"]


async def test_a_text_that_is_too_long_is_left_out(heard: Heard) -> None:
    too_long = await heard.type("x" * MAX_TEXT_CHARS, "x", "x")
    await heard.type("x" * MAX_TEXT_CHARS)

    assert too_long.is_closed
    assert heard.typed == ["x" * MAX_TEXT_CHARS]


async def test_a_text_that_breaks_off_is_left_out(
    heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    await heard.type("When do ", breaks=True)
    await heard.type("Hello?")

    assert heard.typed == ["Hello?"]
    assert [one.getMessage() for one in caplog.records] == ["caller.text_broken"]


async def test_the_caller_s_keys_are_a_text(heard: Heard) -> None:
    participant = cast(rtc.RemoteParticipant, heard.room.join(CALLER))
    for digit in "47#":
        tone = rtc.SipDTMF(code=0, digit=digit, participant=participant)
        heard.room.emit("sip_dtmf_received", tone)

    assert heard.typed == ["47"]


@pytest.mark.parametrize("reason", rtc.DisconnectReason.values(), ids=rtc.DisconnectReason.Name)
async def test_a_room_that_is_gone_is_lost_unless_it_was_deleted(
    heard: Heard, reason: rtc.DisconnectReason.ValueType
) -> None:
    heard.room.emit("reconnecting")
    heard.room.emit("disconnected", reason)
    await asyncio.sleep(60.0)

    assert heard.lost == [reason == rtc.DisconnectReason.ROOM_DELETED]


async def test_a_room_that_stays_away_is_lost(heard: Heard) -> None:
    heard.room.emit("reconnecting")
    await asyncio.sleep(60.0)

    assert heard.lost == [False]


async def test_the_last_sound_is_waited_for_on_its_way_to_the_caller(heard: Heard) -> None:
    started = asyncio.get_running_loop().time()
    heard.room.join(CALLER)
    await heard.call.heard_out()

    assert asyncio.get_running_loop().time() - started == pytest.approx(Playout.under_way_s)


async def test_a_caller_who_is_gone_is_not_waited_for(heard: Heard) -> None:
    started = asyncio.get_running_loop().time()
    heard.room.join(CALLER)
    waiting = asyncio.create_task(heard.call.heard_out())
    await asyncio.sleep(0.2)
    heard.room.leave(CALLER)
    await waiting
    await heard.call.heard_out()

    assert asyncio.get_running_loop().time() - started == pytest.approx(0.2)


async def test_nothing_is_on_its_way_from_a_room_that_is_gone(heard: Heard) -> None:
    started = asyncio.get_running_loop().time()
    heard.room.join(CALLER)
    heard.room.is_connected = False
    await heard.call.heard_out()

    assert asyncio.get_running_loop().time() == started
