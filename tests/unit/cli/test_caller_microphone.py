import asyncio

import numpy as np
import pytest

from cli.caller.clip import Clip
from cli.caller.microphone import PlayedSpan, Playing

RATE_HZ = 16_000
FRAME = 160


def clip(samples: int, first_speech: int, last_speech: int) -> Clip:
    sound = np.arange(samples, dtype=np.int16)
    return Clip("clip.wav", sound, RATE_HZ, first_speech, last_speech)


async def play_all(playing: Playing, *, handed_over_at: list[float]) -> PlayedSpan:
    for at in handed_over_at:
        playing.next_frame(FRAME)
        playing.handed_over(FRAME, at, lateness_s=0.0)
    async with asyncio.timeout(1.0):
        return await playing.done


def playing(sound: Clip) -> Playing:
    return Playing(sound, asyncio.get_running_loop().create_future())


async def test_the_last_sample_of_a_frame_leaves_when_the_frame_is_handed_over() -> None:
    span = await play_all(playing(clip(320, 0, 319)), handed_over_at=[10.0, 10.01])
    assert span.last_speech_at == 10.01


async def test_an_earlier_sample_left_as_much_earlier_as_it_was_spoken() -> None:
    span = await play_all(playing(clip(320, 80, 239)), handed_over_at=[10.0, 10.01])
    assert span.first_speech_at == pytest.approx(10.0 - 79 / RATE_HZ)
    assert span.last_speech_at == pytest.approx(10.01 - 80 / RATE_HZ)


async def test_a_late_frame_moves_the_stamp_of_its_speech() -> None:
    span = await play_all(playing(clip(320, 0, 319)), handed_over_at=[10.0, 10.05])
    assert span.last_speech_at == 10.05


async def test_the_last_frame_is_filled_up_with_silence() -> None:
    short = playing(clip(200, 0, 199))
    first = short.next_frame(FRAME)
    short.handed_over(FRAME, 1.0, 0.0)
    second = short.next_frame(FRAME)
    assert len(first) == len(second) == FRAME
    assert not second[40:].any()


async def test_the_worst_lateness_of_a_clip_is_kept() -> None:
    late = playing(clip(480, 0, 479))
    for at, lateness_s in ((1.0, 0.001), (1.05, 0.040), (1.06, 0.002)):
        late.handed_over(FRAME, at, lateness_s)
    assert late.done.result().worst_lateness_s == 0.040


async def test_a_cancelled_clip_is_over() -> None:
    stopped = playing(clip(1600, 0, 1599))
    stopped.handed_over(FRAME, 1.0, 0.0)
    stopped.done.cancel()
    assert stopped.is_over
