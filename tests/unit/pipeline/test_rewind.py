"""A sound that was stopped inside a word goes on at the word's beginning."""

import numpy as np
import pytest

from pipeline.audio import AGENT_RATE_HZ
from pipeline.rewind import bytes_into_word


def _tone(seconds: float, level: float = 8000.0) -> bytes:
    angle = np.arange(int(seconds * AGENT_RATE_HZ)) * (2 * np.pi * 150 / AGENT_RATE_HZ)
    return np.asarray(level * np.sin(angle), "<i2").tobytes()


def _seconds(n_bytes: int) -> float:
    return n_bytes / 2 / AGENT_RATE_HZ


GAP = bytes(2 * AGENT_RATE_HZ // 25)


def test_a_word_that_was_cut_begins_behind_the_last_dip() -> None:
    before = _tone(0.2) + GAP + _tone(0.15)
    assert _seconds(bytes_into_word(before)) == pytest.approx(0.15, abs=0.011)


def test_between_two_words_nothing_is_said_again() -> None:
    assert bytes_into_word(_tone(0.3) + GAP) == 0


def test_a_word_without_a_beginning_in_sight_goes_on_where_it_was() -> None:
    assert bytes_into_word(_tone(0.6)) == 0


@pytest.mark.parametrize("pcm", [b"", b"\1\0" * 10, bytes(9600)])
def test_hardly_any_sound_or_silence_is_no_word(pcm: bytes) -> None:
    assert bytes_into_word(pcm) == 0


def test_faint_room_tone_between_words_is_a_dip() -> None:
    before = _tone(0.2) + _tone(0.04, level=500) + _tone(0.1)
    assert _seconds(bytes_into_word(before)) == pytest.approx(0.1, abs=0.011)
