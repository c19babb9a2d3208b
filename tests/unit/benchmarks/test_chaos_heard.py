import numpy as np
import pytest

from benchmarks.chaos.heard import heard_again, overlap_s
from cli.caller.recording import Recording

RATE_HZ = 8000
FRAME = RATE_HZ // 10
NOW = 1000.0


def heard(pattern: str) -> Recording:
    """`#` a loud tenth of a second, `.` a silent one, from 0 s on."""
    recording = Recording(RATE_HZ)
    for index, sign in enumerate(pattern):
        recording.add(np.full(FRAME, 8000 if sign == "#" else 0, np.int16), index / 10)
    return recording


def test_the_agent_is_heard_again_when_sound_begins_after_the_silence() -> None:
    assert heard_again(heard("#####.....###"), 0.4, NOW) == pytest.approx(0.6)


def test_a_silence_that_had_begun_before_counts_from_the_fault() -> None:
    assert heard_again(heard("##......####"), 0.5, NOW) == pytest.approx(0.3)


def test_dips_between_words_are_no_silence() -> None:
    assert heard_again(heard("##.##.##.....##"), 0.3, NOW) == pytest.approx(1.0)


def test_an_agent_that_never_fell_silent_was_heard_all_the_time() -> None:
    assert heard_again(heard("#" * 30), 0.4, NOW) == 0.0


def test_a_fault_between_two_words_is_not_over_with_the_next_word() -> None:
    assert heard_again(heard("###.##......##"), 0.35, NOW) == pytest.approx(0.85)


def test_what_is_still_silent_is_not_heard_again() -> None:
    assert heard_again(heard("#####......"), 0.4, NOW) is None


def test_sound_under_way_may_still_be_what_was_on_its_way() -> None:
    assert heard_again(heard("##########"), 0.4, 1.0) is None


def test_two_agents_at_once_are_told_by_how_long() -> None:
    one, other = heard("#####....."), heard("...#######")
    assert overlap_s([one, other]) == pytest.approx(0.2, abs=0.001)


def test_agents_that_take_turns_do_not_overlap() -> None:
    assert overlap_s([heard("####....."), heard("....####.")]) == 0.0


def test_one_agent_does_not_overlap_with_itself() -> None:
    assert overlap_s([heard("####.####")]) == 0.0
