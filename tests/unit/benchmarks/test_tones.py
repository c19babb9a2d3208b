import numpy as np
import pytest

from benchmarks.tones import Tone, count_heard, find_tones, longest_hole_ms, spoken_ms
from cli.caller.clip import Samples
from sandbox.ports import SpokenLine
from sandbox.scripted.voice import synthesise

RATE_HZ = 24_000
MS_PER_CHAR = 60
REPLY = "Of course, I can book a table for two this evening."


def sound_of(text: str) -> Samples:
    line = SpokenLine(text, "shubh", "bulbul:v3", "en-IN", RATE_HZ)
    return synthesise(line, MS_PER_CHAR)


def milliseconds(count: float) -> int:
    return int(RATE_HZ * count / 1000)


def test_every_word_is_one_tone() -> None:
    assert len(find_tones(sound_of(REPLY), RATE_HZ)) == len(REPLY.split())


def test_silence_holds_no_tone() -> None:
    assert find_tones(np.zeros(RATE_HZ, np.int16), RATE_HZ) == []


def test_the_text_is_spoken_for_as_long_as_it_is_said_to_be() -> None:
    assert sound_of(REPLY).size == pytest.approx(milliseconds(spoken_ms(REPLY, MS_PER_CHAR)), 0.01)


@pytest.mark.parametrize(("share", "expected"), [(0.2, 3), (0.8, 4), (1.0, 4)])
def test_a_word_counts_as_heard_from_half_of_it_on(share: float, expected: int) -> None:
    whole_ms = spoken_ms("Of course, I", MS_PER_CHAR)
    cut_ms = whole_ms + share * 3 * MS_PER_CHAR  # into "can"
    tones = find_tones(sound_of(REPLY)[: milliseconds(cut_ms)], RATE_HZ)
    assert count_heard(tones, REPLY, MS_PER_CHAR) == expected


def test_the_voices_own_dips_are_no_holes() -> None:
    tones = find_tones(sound_of(REPLY), RATE_HZ)
    assert longest_hole_ms(tones, 0.0) < 5.0


def test_a_reply_that_was_held_has_a_hole_as_long_as_the_hold() -> None:
    sound = sound_of(REPLY)
    at = milliseconds(spoken_ms("Of course, I can", MS_PER_CHAR))
    held = np.concatenate((sound[:at], np.zeros(milliseconds(400), np.int16), sound[at:]))
    tones = find_tones(held, RATE_HZ)
    assert len(tones) == len(REPLY.split())
    assert longest_hole_ms(tones, 0.0) == pytest.approx(400, abs=5)
    assert longest_hole_ms(tones, since_ms=tones[-1].start_ms) < 5.0


def test_one_tone_has_no_hole() -> None:
    assert longest_hole_ms([Tone(0.0, 100.0)], 0.0) == 0.0
