"""Which of a client's recordings is taken for which track, and how long that is waited for."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import pytest
from livekit import rtc
from livekit.rtc._proto.track_pb2 import AudioTrackFeature

from agent.room.decoding import decoded
from agent.room.early_sound import (
    EARLY_SOUND_TOPIC,
    MAX_BYTES,
    MAX_S,
    MAX_TRACKS,
    WAIT_S,
    EarlySound,
)
from pipeline.audio import WINDOW_BYTES
from tests.unit.agent.fake_room import FakeRoom
from tests.unit.agent.recorded import tone

CALLER: Final = "caller-1"
TRACK: Final = "TR_microphone"
SAMPLES: Final = tone(1.024, 16_000).tobytes()


@dataclass
class Info:
    attributes: dict[str, str]


@dataclass
class Sending:
    """Stands for `rtc.ByteStreamReader`."""

    chunks: Sequence[bytes]
    track: str = TRACK
    rate: str = "16000"
    breaks: bool = False
    lasts_s: float = 0.0
    is_closed: bool = False
    info: Info = field(init=False)

    def __post_init__(self) -> None:
        attributes = {"trackId": self.track, "sampleRate": self.rate, "channels": "1"}
        self.info = Info({key: value for key, value in attributes.items() if value})

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            yield chunk
        await asyncio.sleep(self.lasts_s)
        if self.breaks:
            raise rtc.StreamError("aborted by the sender")

    def close(self) -> None:
        self.is_closed = True


async def decoded_at_once(sound: bytes, rate_hz: int, n_channels: int) -> list[bytes]:
    return decoded(sound, rate_hz=rate_hz, n_channels=n_channels, max_s=MAX_S)


class Client:
    """A room with the caller in it, whose microphone promises earlier sound."""

    def __init__(self) -> None:
        self.room = FakeRoom()
        self.early = EarlySound(self.room.room, CALLER, decode=decoded_at_once)
        participant = self.room.join(CALLER)
        self.room.publish(CALLER, TRACK)
        self.room.publish(CALLER, "TR_plain")
        features = participant.track_publications[TRACK].audio_features
        features.append(AudioTrackFeature.TF_PRECONNECT_BUFFER)

    def send(self, sending: Sending, *, by: str = CALLER) -> None:
        self.room.on_stream[EARLY_SOUND_TOPIC](sending, by)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    made = Client()
    yield made
    made.early.close()


async def test_only_a_track_that_says_so_promises_earlier_sound(client: Client) -> None:
    assert client.early.is_promised(TRACK)
    assert not client.early.is_promised("TR_plain")
    assert not client.early.is_promised("TR_unknown")
    client.room.leave(CALLER)
    assert not client.early.is_promised(TRACK)


@pytest.mark.parametrize("after_s", [0.0, 1.0])
async def test_sound_is_taken_whether_it_came_already_or_comes(
    client: Client, after_s: float
) -> None:
    loop = asyncio.get_running_loop()
    halves = [SAMPLES[:1001], SAMPLES[1001:]]
    loop.call_later(after_s, client.send, Sending(halves))
    await asyncio.sleep(0.5)
    windows = await client.early.take(TRACK)

    assert b"".join(windows) == SAMPLES
    assert {len(window) for window in windows} == {WINDOW_BYTES}
    assert not client.early.is_promised(TRACK)


@pytest.mark.parametrize(
    "sending",
    [
        Sending([SAMPLES], breaks=True),
        Sending([SAMPLES], rate="many"),
        Sending([SAMPLES], rate="0"),
        Sending([bytes(MAX_BYTES), b"\0\0"]),
    ],
    ids=["breaks", "no rate", "impossible rate", "too long"],
)
async def test_what_cannot_be_heard_keeps_nobody_waiting(
    client: Client, sending: Sending, caplog: pytest.LogCaptureFixture
) -> None:
    client.send(sending)
    async with asyncio.timeout(WAIT_S / 2):
        assert await client.early.take(TRACK) == []
    assert sending.is_closed
    assert [one.getMessage() for one in caplog.records] == ["caller.early_sound_unheard"]


async def test_a_promise_that_is_not_kept_is_waited_for_only_so_long(client: Client) -> None:
    loop = asyncio.get_running_loop()
    started = loop.time()
    client.send(Sending([SAMPLES], lasts_s=60.0))

    assert await client.early.take(TRACK) == []
    assert loop.time() - started == pytest.approx(WAIT_S)


async def test_nobody_else_s_sound_is_taken_for_the_caller_s(client: Client) -> None:
    client.send(Sending([SAMPLES]), by="supervisor")
    client.send(Sending([SAMPLES], track="TR_other"))
    client.send(Sending([SAMPLES], track=""))
    assert await client.early.take(TRACK) == []


async def test_recordings_for_tracks_that_never_come_are_bounded(client: Client) -> None:
    sendings = [Sending([SAMPLES], track=f"TR_{n}") for n in range(MAX_TRACKS + 1)]
    for sending in sendings:
        client.send(sending)
        await asyncio.sleep(0.5)
    assert all(sending.is_closed for sending in sendings)
    assert await client.early.take("TR_0") != []
    assert await client.early.take(f"TR_{MAX_TRACKS}") == []
