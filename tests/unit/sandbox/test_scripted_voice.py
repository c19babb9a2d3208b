from collections.abc import Iterable
from itertools import groupby

import numpy as np
import pytest

from sandbox.ports import Samples, SpokenLine
from sandbox.script import parse_script
from sandbox.scripted.voice import GAP_MS, ScriptedVoice, synthesise, word_ms

RATE_HZ = 24000


def line(text: str, speaker: str = "shubh", pace: float = 1.0) -> SpokenLine:
    return SpokenLine(text, speaker, "bulbul:v3", "en-IN", RATE_HZ, pace=pace)


def word_lengths_ms(audio: Samples) -> list[int]:
    """Durations of the sounding stretches, in steps of 10 ms."""
    size = RATE_HZ // 100
    loud = np.abs(audio[: audio.size // size * size].reshape(-1, size)).max(axis=1) > 500
    return [10 * len(list(run)) for is_loud, run in groupby(loud) if is_loud]


def test_every_word_is_a_tone_with_a_dip_after_it() -> None:
    audio = synthesise(line("Hello, my friend."), ms_per_char=60)

    assert word_lengths_ms(audio) == [300, 120, 360]
    assert audio.size == RATE_HZ * (780 + 3 * GAP_MS) // 1000


def test_pace_shortens_words() -> None:
    assert word_ms("hello", 60, pace=2.0) == 150


def test_speakers_differ_and_repeat_themselves() -> None:
    first, again, other = (
        synthesise(line("hello", speaker), 60) for speaker in ("shubh", "shubh", "ritu")
    )

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("text", ["", "   "])
def test_no_words_are_no_sound(text: str) -> None:
    assert synthesise(line(text), 60).size == 0


async def test_chunks_joined_are_the_whole_line() -> None:
    script = parse_script({"tts": {"first_byte_ms": 0, "realtime_factor": 10_000, "chunk_ms": 50}})
    voice = ScriptedVoice(script.tts, seed=0)
    chunks: Iterable[Samples] = [chunk async for chunk in voice.speak(line("one two three"))]

    assert np.array_equal(np.concatenate(list(chunks)), synthesise(line("one two three"), 60))
