"""The voice's pauses tell where in its text it is."""

import numpy as np
import pytest

from pipeline.alignment import Pause, chars_at, find_pauses
from pipeline.audio import AGENT_RATE_HZ
from pipeline.heard import SpeakingRate, SpokenPiece, heard_text
from pipeline.spoken.reading import Reading

TEXT = "We have three rooms for you. The first has a view, and the second a balcony."
FIRST, SECOND = TEXT.index(".") + 1, TEXT.index(",") + 1


def _tone(seconds: float) -> bytes:
    angle = np.arange(int(seconds * AGENT_RATE_HZ)) * (2 * np.pi * 150 / AGENT_RATE_HZ)
    return np.asarray(8000 * np.sin(angle), "<i2").tobytes()


def _silence(seconds: float) -> bytes:
    return bytes(2 * int(seconds * AGENT_RATE_HZ))


def test_long_silences_inside_are_pauses() -> None:
    pcm = _tone(1.0) + _silence(0.3) + _tone(0.5) + _silence(0.05) + _tone(0.5) + _silence(0.4)
    (pause,) = find_pauses(pcm)
    assert (pause.start_s, pause.end_s) == pytest.approx((1.0, 1.3), abs=0.02)


@pytest.mark.parametrize("pcm", [b"", b"\1\0" * 50, bytes(48_000)])
def test_no_sound_has_no_pauses(pcm: bytes) -> None:
    assert find_pauses(pcm) == []


def test_without_pauses_all_characters_take_equally_long() -> None:
    assert chars_at(TEXT, 4.0, [], 1.0) == pytest.approx(len(TEXT) / 4)


def test_a_pause_is_where_the_text_has_its_mark() -> None:
    pauses = [Pause(2.3, 2.7), Pause(4.1, 4.4)]
    assert chars_at(TEXT, 6.5, pauses, 2.3) == FIRST
    assert chars_at(TEXT, 6.5, pauses, 2.7) == FIRST
    assert chars_at(TEXT, 6.5, pauses, 4.2) == SECOND


def test_a_pause_without_a_mark_nearby_is_passed_over() -> None:
    assert chars_at(TEXT, 6.0, [Pause(1.0, 1.2)], 1.0) == pytest.approx(len(TEXT) / 6, abs=1)


def test_a_comma_that_is_not_paused_at_disturbs_nothing() -> None:
    assert chars_at(TEXT, 5.8, [Pause(2.3, 2.7)], 2.7) == FIRST
    assert chars_at(TEXT, 5.8, [Pause(2.3, 2.7)], 5.8) == len(TEXT)


def test_what_was_heard_ends_with_the_sentence_that_was_paused_after() -> None:
    piece = SpokenPiece(Reading.verbatim(TEXT), 6.5, is_whole=True, pauses=[Pause(2.6, 3.4)])
    assert heard_text([piece], 3.3, SpeakingRate()) == TEXT[:FIRST]


def test_more_is_heard_the_later_it_is() -> None:
    pauses = [Pause(2.3, 2.7), Pause(4.1, 4.4)]
    chars = [chars_at(TEXT, 6.5, pauses, step / 10) for step in range(70)]
    assert chars == sorted(chars)
