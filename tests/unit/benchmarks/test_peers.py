import pytest

from benchmarks.clips import ClipRecord, load_clips
from benchmarks.peer_calls import NAMES
from benchmarks.peers import Step, parse_options, rounds, steps_of
from benchmarks.scenario import load_scenario

CLIPS = {record.file: record for record in load_clips()}
QUESTION: ClipRecord = CLIPS["question_price.wav"]
BARGE_IN: ClipRecord = CLIPS["barge_in_hold_on.wav"]


def test_a_barge_in_belongs_to_the_question_before_it() -> None:
    steps = list(steps_of((QUESTION, QUESTION, BARGE_IN, QUESTION)))
    assert steps == [Step(QUESTION, None), Step(QUESTION, BARGE_IN), Step(QUESTION, None)]


def test_the_scenario_breaks_into_answers_that_are_long_enough() -> None:
    broken_into = [s for s in steps_of(load_scenario("peers").clips) if s.barge_in is not None]
    assert {step.question.file for step in broken_into} == {
        "question_book_table.wav",
        "question_cancel.wav",
    }


@pytest.mark.parametrize(("turns", "expected"), [(1, 1), (8, 1), (9, 2), (24, 3), (100, 13)])
def test_every_system_gets_as_many_calls_as_its_turns_need(turns: int, expected: int) -> None:
    options = parse_options(["--turns", str(turns), "--warm-up", "1"])
    assert rounds(options, 9) == expected


def test_all_systems_are_measured_unless_some_are_named() -> None:
    assert parse_options([]).systems == NAMES
    assert parse_options(["--systems", "vaarta,pipecat-fast"]).systems == ("vaarta", "pipecat-fast")


def test_an_unknown_system_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_options(["--systems", "vaarta,other"])
    assert "--systems: other is none of" in capsys.readouterr().err


def test_a_call_that_only_warms_up_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_options(["--questions", "1", "--warm-up", "1"])
    assert "--questions: one at least must count" in capsys.readouterr().err
