"""Sound goes on when it is needed, and what nobody needs yet can be cut."""

import pytest

from pipeline.audio import AGENT_BYTES_PER_S, agent_seconds
from pipeline.providers.sarvam_lines import LEAD_S, Lines
from pipeline.word_ends import Pace
from tests.unit.pipeline.fake_tts import tones

TEXT = "We are open from nine to six on weekdays, and ten to four on Saturdays."
SOUND = tones(TEXT)


def said(*texts: str) -> Lines:
    lines = Lines(Pace())
    for text in texts:
        lines.say(f"{text} ")
        lines.flush()
    return lines


def size(seconds: float) -> int:
    return round(seconds * AGENT_BYTES_PER_S / 2) * 2


def test_the_first_sound_goes_on_at_once() -> None:
    lines = said(TEXT)
    lines.take(SOUND[: size(0.2)])
    assert lines.give(10.0) == SOUND[: size(0.2)]
    assert lines.due_at is None


def test_sound_that_comes_faster_than_it_is_played_waits_until_it_is_needed() -> None:
    lines = said(TEXT)
    lines.take(SOUND)
    given = lines.give(10.0)
    assert agent_seconds(len(given)) == pytest.approx(LEAD_S, abs=0.001)
    assert lines.give(10.0) == b""
    at = 10.0
    while (due_at := lines.due_at) is not None:
        assert at <= due_at
        at = due_at
        given += lines.give(at)
        ahead_s = 10.0 + agent_seconds(len(given)) - at
        assert 0.2 <= ahead_s <= LEAD_S + 0.001 or given == SOUND
    assert given == SOUND


def test_slow_sound_goes_on_as_it_comes() -> None:
    lines, at = said(TEXT), 10.0
    for start in range(0, len(SOUND), size(0.2)):
        lines.take(SOUND[start : start + size(0.2)])
        assert lines.give(at) == SOUND[start : start + size(0.2)]
        at += 0.25


def test_an_answered_line_holds_nothing_back() -> None:
    lines = said(TEXT, "And on Sundays?")
    lines.take(SOUND)
    given = lines.give(10.0)
    rest = lines.answer(10.0)
    assert rest is not None
    assert given + rest == SOUND
    assert [line.pieces for line in lines] == [["And on Sundays? "]]


def test_an_answer_to_nothing_is_none() -> None:
    lines = said()
    assert lines.answer(10.0) is None
    lines.say("not flushed")
    assert lines.answer(10.0) is None
    lines = said()
    lines.take(SOUND)
    assert lines.give(10.0) == b""


def test_a_cut_leaves_the_words_that_did_not_come() -> None:
    lines = Lines(Pace())
    for piece in ("We are open ", "from nine to six on weekdays, ", "and ten to four"):
        lines.say(piece)
    lines.take(SOUND[: size(1.5)])
    given = lines.give(10.0) + lines.cut(10.1)
    (line,) = lines
    assert given + tones("".join(line.pieces)) == tones(
        "We are open from nine to six on weekdays, and ten to four"
    )
    assert line.pieces[-1] == "and ten to four "
    assert len(line.pieces) == 2
    assert not lines.end_said()


def test_a_word_that_broke_off_is_kept_apart_from_the_next() -> None:
    lines = said(TEXT)
    lines.take(SOUND[: size(0.25)])
    lines.give(10.0)
    rest = lines.cut(10.1)
    assert rest == bytes(len(rest))
    assert agent_seconds(len(rest)) == pytest.approx(0.04)


def test_a_line_of_which_only_the_answer_is_missing_is_over() -> None:
    lines = said(TEXT)
    lines.take(SOUND)
    assert lines.give(10.0) + lines.cut(10.1) == SOUND
    assert lines.end_said()
    assert not lines


def test_of_a_line_without_sound_all_is_left() -> None:
    lines = said(TEXT)
    assert lines.cut(10.0) == b""
    assert [line.pieces for line in lines] == [[f"{TEXT} "]]
