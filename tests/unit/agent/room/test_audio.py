"""The caller's sound as the pipeline wants it, from a stream that gives what it likes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import pytest
from livekit import rtc

from agent.room.audio import UNDER_WAY_S, RoomPlayout, publishing, windows
from pipeline.audio import AGENT_RATE_HZ, CALLER_RATE_HZ, WINDOW_BYTES

TRACK = cast(rtc.Track, None)


@dataclass
class Frame:
    data: memoryview


@dataclass
class FrameEvent:
    frame: Frame


class Stream:
    """Stands for `rtc.AudioStream`: gives frames of these lengths, then ends or waits for more."""

    made: ClassVar[list["Stream"]]
    lengths: ClassVar[list[int]]
    is_endless = False

    def __init__(self, track: rtc.Track, **options: Any) -> None:
        self.options = options
        self.is_closed = False
        self.made.append(self)

    async def __aiter__(self) -> AsyncIterator[FrameEvent]:
        for n, length in enumerate(self.lengths):
            yield FrameEvent(Frame(memoryview(bytes([n]) * length)))
        if self.is_endless:
            await asyncio.Event().wait()

    async def aclose(self) -> None:
        await asyncio.sleep(0.1)
        self.is_closed = True


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch) -> type[Stream]:
    class Placed(Stream):
        made: ClassVar[list[Stream]] = []
        lengths: ClassVar[list[int]] = [WINDOW_BYTES]

    monkeypatch.setattr(rtc, "AudioStream", Placed)
    return Placed


async def test_sound_is_asked_for_in_windows_of_the_pipeline_s(streams: type[Stream]) -> None:
    assert [pcm async for pcm in windows(TRACK)] == [bytes(WINDOW_BYTES)]

    options = streams.made[0].options
    assert (options["sample_rate"], options["num_channels"]) == (CALLER_RATE_HZ, 1)
    assert 2 * CALLER_RATE_HZ * options["frame_size_ms"] / 1000 == WINDOW_BYTES


async def test_a_loop_that_stalls_has_a_bounded_amount_of_sound_waiting(
    streams: type[Stream],
) -> None:
    assert [pcm async for pcm in windows(TRACK)]

    assert 0 < streams.made[0].options["capacity"] < 100


async def test_frames_of_another_length_are_left_out(streams: type[Stream]) -> None:
    streams.lengths = [WINDOW_BYTES, 0, WINDOW_BYTES - 2, 2 * WINDOW_BYTES, 1, WINDOW_BYTES]

    assert [pcm[0] async for pcm in windows(TRACK)] == [0, 5]


async def test_the_stream_is_closed_when_the_track_ends(streams: type[Stream]) -> None:
    assert [pcm async for pcm in windows(TRACK)]

    assert streams.made[0].is_closed


async def test_the_stream_is_closed_when_nobody_listens_any_more(streams: type[Stream]) -> None:
    streams.is_endless = True
    heard: list[bytes] = []

    async def listen() -> None:
        async for pcm in windows(TRACK):
            heard.append(pcm)

    listening = asyncio.create_task(listen())
    await asyncio.sleep(1.0)
    assert (len(heard), streams.made[0].is_closed) == (1, False)
    listening.cancel()
    await asyncio.wait([listening])

    assert listening.cancelled()
    assert streams.made[0].is_closed


async def test_one_that_is_cancelled_while_it_closes_closes_all_the_same(
    streams: type[Stream],
) -> None:
    streams.is_endless = True

    async def listen() -> None:
        async for _ in windows(TRACK):
            pass

    listening = asyncio.create_task(listen())
    await asyncio.sleep(1.0)
    for _ in range(2):
        listening.cancel()
        await asyncio.sleep(0.01)
    await asyncio.sleep(1.0)

    assert listening.cancelled()
    assert streams.made[0].is_closed


class Source:
    """Stands for `rtc.AudioSource`."""

    def __init__(self) -> None:
        self.frames: list[rtc.AudioFrame] = []
        self.queued_duration = 0.25
        self.n_cleared = 0

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        self.frames.append(frame)

    def clear_queue(self) -> None:
        self.n_cleared += 1


async def test_the_agent_s_sound_goes_to_its_track_as_it_is() -> None:
    source = Source()
    playout = RoomPlayout(cast(rtc.AudioSource, source))
    await playout.push(b"\1\0" * 480)

    (frame,) = source.frames
    assert (bytes(frame.data), frame.sample_rate) == (b"\1\0" * 480, AGENT_RATE_HZ)
    assert (frame.num_channels, frame.samples_per_channel) == (1, 480)
    assert playout.queued_s == 0.25


async def test_silence_is_at_once() -> None:
    source = Source()
    RoomPlayout(cast(rtc.AudioSource, source)).clear()

    assert source.n_cleared == 1


async def test_sound_is_under_way_for_a_while_after_it_has_left() -> None:
    source = Source()
    playout = RoomPlayout(cast(rtc.AudioSource, source))
    assert playout.under_way_s == 0.0

    await playout.push(b"\1\0" * 480)
    assert playout.under_way_s == pytest.approx(source.queued_duration + UNDER_WAY_S)
    await asyncio.sleep(0.1)
    playout.clear()
    assert playout.under_way_s == pytest.approx(UNDER_WAY_S)
    await asyncio.sleep(UNDER_WAY_S / 2)
    playout.clear()
    assert playout.under_way_s == pytest.approx(UNDER_WAY_S / 2)
    await asyncio.sleep(UNDER_WAY_S)
    assert playout.under_way_s == 0.0


def test_the_agents_track_has_the_bits_from_which_on_silence_costs_half() -> None:
    assert publishing().audio_encoding.max_bitrate >= 76_000
    assert publishing().source == rtc.TrackSource.SOURCE_MICROPHONE
