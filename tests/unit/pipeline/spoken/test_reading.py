"""Each place of what is said is known in what was written, and the other way round."""

import pytest

from pipeline.heard import SpeakingRate, SpokenPiece, divided_text, heard_text
from pipeline.spoken.reader import read
from pipeline.spoken.reading import Reading, sounded

CALL = "Please call 98765 43210 by 22:15, ⏰ or write to a_b@x.in today."


def piece_of(reading: Reading, *, is_whole: bool = True) -> SpokenPiece:
    """A voice for which every character of the sounded text takes 0.1 s."""
    return SpokenPiece(reading, len(reading.sounded) / 10, is_whole)


def moment_after(reading: Reading, words: str) -> float:
    end = reading.spoken.index(words) + len(words)
    return len(sounded(reading.spoken[:end])) / 10


@pytest.mark.parametrize(
    ("spoken", "heard"),
    [
        ("Please call", "Please call"),
        ("9 8 7 6 5,", "Please call 98765"),
        ("9 8 7 6 5, 4 3 2 1", "Please call 98765 43210"),
        ("3 2 1 0 by", "Please call 98765 43210 by"),
        ("10:15 PM,", "Please call 98765 43210 by 22:15,"),
        ("PM, or", "Please call 98765 43210 by 22:15, ⏰ or"),
        ("a underscore b at", "Please call 98765 43210 by 22:15, ⏰ or write to a_b@x.in"),
        ("today.", CALL),
    ],
)
def test_what_was_heard_is_told_as_it_was_written(spoken: str, heard: str) -> None:
    reading = read(CALL, "en-IN")
    moment_s = moment_after(reading, spoken)
    assert heard_text([piece_of(reading)], moment_s, SpeakingRate()) == heard


def test_more_is_heard_the_later_it_is_and_in_the_end_all() -> None:
    reading = read(CALL, "en-IN")
    counts = [reading.written_at(n / 4) for n in range(4 * len(reading.sounded) + 1)]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (0, len(CALL))


@pytest.mark.parametrize(
    ("spoken", "heard", "rest"),
    [
        ("9 8 7 6 5,", "Please call", "98765 43210 by 22:15, ⏰ or write to a_b@x.in today."),
        ("2 1 0 by", "Please call 98765 43210 by", "22:15, ⏰ or write to a_b@x.in today."),
        ("today.", CALL, ""),
    ],
)
def test_a_number_that_was_cut_is_said_again_as_a_whole(spoken: str, heard: str, rest: str) -> None:
    reading = read(CALL, "en-IN")
    pieces = [piece_of(reading)]
    assert divided_text(pieces, moment_after(reading, spoken), SpeakingRate()) == (heard, rest)


def test_wherever_it_is_divided_no_word_is_lost_or_doubled() -> None:
    reading, later = read(CALL, "en-IN"), read("It is ₹2.5 lakh.", "en-IN")
    pieces = [piece_of(reading), piece_of(later, is_whole=False)]
    for step in range(260):
        heard, rest = divided_text(pieces, step / 10, SpeakingRate())
        assert f"{heard} {rest}".split() == f"{CALL} It is ₹2.5 lakh.".split()
        resumed = read(rest, "en-IN").spoken
        assert f"{reading.spoken} {later.spoken}".endswith(resumed) or not rest


def test_readings_follow_each_other() -> None:
    one, two = read("It is ₹2.5 lakh,", "en-IN"), read("at 22:15 today", "en-IN")
    both = one.then(two)
    assert both.written == "It is ₹2.5 lakh, at 22:15 today"
    assert both.spoken == "It is 2.5 lakh rupees, at 10:15 PM today"
    assert [both.written[unit.written_from : unit.written_to] for unit in both.units] == [
        "₹2.5 lakh",
        "22:15",
    ]
    assert [both.spoken[unit.spoken_from : unit.spoken_to] for unit in both.units] == [
        "2.5 lakh rupees",
        "10:15 PM",
    ]
    assert Reading().then(one) == one


def test_a_digit_sounds_longer_than_a_letter() -> None:
    assert len(sounded("room 12")) == 5 + 8
    assert Reading.verbatim("room 12 is").written_at(5 + 4) == 6
