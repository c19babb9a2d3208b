"""Heard text: whole words, as many as the sound that left holds."""

import pytest

from pipeline.heard import SpeakingRate, SpokenPiece, divided_text, heard_text
from pipeline.spoken.reading import Reading

TEXT = "one two three four five"


def piece_of(text: str, audio_s: float, *, is_whole: bool) -> SpokenPiece:
    return SpokenPiece(Reading.verbatim(text), audio_s, is_whole)


WHOLE = piece_of(TEXT, 2.3, is_whole=True)


@pytest.mark.parametrize(
    ("played_s", "heard"),
    [
        (0.0, ""),
        (0.1, ""),
        (0.2, "one"),
        (0.6, "one two"),
        (1.15, "one two three"),
        (2.29, TEXT),
        (2.3, TEXT),
        (9.0, TEXT),
    ],
)
def test_a_word_is_heard_from_its_middle_on(played_s: float, heard: str) -> None:
    assert heard_text([WHOLE], played_s, SpeakingRate()) == heard


def test_pieces_follow_each_other() -> None:
    pieces = [WHOLE, piece_of("six seven", 0.9, is_whole=True)]
    assert heard_text(pieces, 2.7, SpeakingRate()) == f"{TEXT} six"


def test_a_piece_that_is_still_being_made_is_reckoned_by_an_assumed_rate() -> None:
    piece = piece_of("x" * 13 + " " + "y" * 14, 0.3, is_whole=False)
    assert heard_text([piece], 0.3, SpeakingRate()) == ""
    assert heard_text([piece], 1.0, SpeakingRate()) == "x" * 13


def test_a_slow_voice_is_reckoned_by_its_own_rate() -> None:
    rate = SpeakingRate()
    rate.learn(piece_of("z" * 70, 10.0, is_whole=True))
    piece = piece_of("x" * 13 + " " + "y" * 14, 0.3, is_whole=False)
    assert heard_text([piece], 0.8, rate) == ""
    assert heard_text([piece], 2.0, rate) == "x" * 13


def test_more_words_are_heard_the_longer_it_is_played() -> None:
    pieces = [WHOLE, piece_of("six seven eight nine", 0.5, is_whole=False)]
    counts = [len(heard_text(pieces, step / 50, SpeakingRate()).split()) for step in range(250)]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (0, 9)


def test_of_no_pieces_nothing_is_heard() -> None:
    assert heard_text([], 3.0, SpeakingRate()) == ""


def test_a_piece_that_the_voice_made_no_sound_of_was_not_heard() -> None:
    pieces = [piece_of("silent", 0.0, is_whole=True), WHOLE]
    assert heard_text(pieces, 0.2, SpeakingRate()) == "one"
    assert heard_text(pieces, 9.0, SpeakingRate()) == TEXT


@pytest.mark.parametrize(
    ("played_s", "rest"),
    [
        (0.0, f"{TEXT} six seven"),
        (0.6, "three four five six seven"),
        (2.29, "six seven"),
        (2.7, "seven"),
        (9.0, ""),
    ],
)
def test_what_was_not_heard_is_the_rest(played_s: float, rest: str) -> None:
    silent = piece_of("silent", 0.0, is_whole=True)
    pieces = [WHOLE, silent, piece_of("six seven", 0.9, is_whole=True), silent]
    assert divided_text(pieces, played_s, SpeakingRate())[1] == rest


def test_a_piece_without_sound_teaches_no_rate() -> None:
    rate = SpeakingRate()
    rate.learn(piece_of("z" * 140, 0.0, is_whole=True))
    rate.learn(piece_of("z" * 70, 10.0, is_whole=True))
    assert rate.expected_s(piece_of("x" * 7, 0.0, is_whole=False)) == pytest.approx(1.0)
