"""Keys of a telephone are typed messages."""

import asyncio
from collections.abc import Iterator
from typing import cast

import pytest
from livekit import rtc

from agent.room.keypad import MAX_KEYS, PAUSE_S, Keypad
from tests.unit.agent.fake_room import FakeRoom

CALLER = "caller-1"


class Telephone:
    """A caller's, in a room; what was told of it, and when."""

    def __init__(self) -> None:
        self.room = FakeRoom()
        self.room.join(CALLER)
        self.room.join("supervisor")
        self.typed: list[str] = []
        self.typed_at: list[float] = []
        self.keypad = Keypad(self.room.room, CALLER, on_typed=self._typed)

    def _typed(self, text: str) -> None:
        self.typed.append(text)
        self.typed_at.append(asyncio.get_running_loop().time())

    def press(self, keys: str, *, by: str | None = CALLER) -> None:
        for key in keys:
            self.tone(key, by=by)

    def tone(self, digit: str, *, by: str | None = CALLER) -> None:
        participant = None if by is None else self.room.remote_participants[by]
        sender = cast(rtc.RemoteParticipant | None, participant)
        self.room.emit("sip_dtmf_received", rtc.SipDTMF(code=0, digit=digit, participant=sender))


@pytest.fixture
def telephone() -> Iterator[Telephone]:
    opened = Telephone()
    yield opened
    opened.keypad.close()


async def test_keys_are_one_text_once_the_caller_pauses(telephone: Telephone) -> None:
    for key in "4711":
        telephone.press(key)
        await asyncio.sleep(1.0)
    pressed_at = asyncio.get_running_loop().time() - 1.0
    assert telephone.typed == []
    await asyncio.sleep(5.0)

    assert telephone.typed == ["4711"]
    assert telephone.typed_at == pytest.approx([pressed_at + PAUSE_S])


async def test_what_follows_a_pause_is_another_text(telephone: Telephone) -> None:
    telephone.press("12")
    await asyncio.sleep(PAUSE_S + 0.1)
    telephone.press("*3")
    await asyncio.sleep(PAUSE_S + 0.1)

    assert telephone.typed == ["12", "*3"]


async def test_the_hash_key_ends_a_text_at_once_and_is_no_part_of_it(telephone: Telephone) -> None:
    telephone.press("12#34#")
    assert telephone.typed == ["12", "34"]
    await asyncio.sleep(5.0)

    assert telephone.typed == ["12", "34"]


async def test_a_hash_key_alone_is_a_text(telephone: Telephone) -> None:
    telephone.press("#")

    assert telephone.typed == ["#"]


async def test_something_that_lies_on_the_keys_is_one_text_of_bounded_length(
    telephone: Telephone,
) -> None:
    for _ in range(500):
        telephone.press("5")
        await asyncio.sleep(0.1)
    await asyncio.sleep(PAUSE_S)

    assert telephone.typed == [MAX_KEYS * "5"]


@pytest.mark.parametrize("digit", ["", "x", "12", "٣", "\0"])
async def test_what_is_no_key_is_left_out(telephone: Telephone, digit: str) -> None:
    telephone.press("1")
    telephone.tone(digit)
    telephone.press("2#")

    assert telephone.typed == ["12"]


@pytest.mark.parametrize("other", ["supervisor", None])
async def test_nobody_else_s_keys_count(telephone: Telephone, other: str | None) -> None:
    telephone.press("1")
    telephone.press("9#", by=other)
    telephone.press("2#")

    assert telephone.typed == ["12"]


async def test_nothing_is_told_of_a_keypad_that_is_closed(telephone: Telephone) -> None:
    telephone.press("12")
    telephone.keypad.close()
    await asyncio.sleep(5.0)

    assert telephone.typed == []
