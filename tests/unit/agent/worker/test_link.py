"""When a worker takes LiveKit to be out of its reach."""

from pathlib import Path

import pytest

from agent.signs import Sign, Signs
from agent.worker.link import ANSWER_TIMEOUT_S, ASK_EVERY_S, PATIENCE_S, UNTAKEN_S, Link, Outcome
from core.setting_groups import LiveKitSettings

ANSWERED = (Outcome.ANSWERED, 0.01)
LATE = (Outcome.UNANSWERED, ANSWER_TIMEOUT_S)
NO_CONNECTION = (Outcome.UNANSWERED, 0.001)
STOOD_STILL = (Outcome.UNANSWERED, 30.0)
UNTAKEN = (Outcome.UNTAKEN, UNTAKEN_S)


@pytest.fixture
def sign(tmp_path: Path) -> Sign:
    return Signs(tmp_path).cut_off


def noted(sign: Sign, *outcomes: tuple[Outcome, float]) -> bool:
    link = Link(LiveKitSettings(), sign)
    for outcome, waited_s in outcomes:
        link._note(outcome, waited_s=waited_s)
    return sign.path.exists()


def test_a_server_that_misses_one_question_is_there(sign: Sign) -> None:
    assert not noted(sign, *[ANSWERED, LATE] * 3)


def test_a_server_that_stays_silent_is_out_of_reach(sign: Sign) -> None:
    assert noted(sign, ANSWERED, LATE, LATE)


def test_a_server_that_begins_anew_is_given_the_same_time(sign: Sign) -> None:
    n_questions = round(PATIENCE_S / ASK_EVERY_S)

    assert not noted(sign, ANSWERED, *[NO_CONNECTION] * (n_questions - 1), ANSWERED)
    assert noted(sign, ANSWERED, *[NO_CONNECTION] * n_questions)


def test_a_question_that_the_network_does_not_take_is_enough(sign: Sign) -> None:
    assert noted(sign, ANSWERED, UNTAKEN)


def test_a_worker_that_stood_still_itself_takes_nothing_for_lost(sign: Sign) -> None:
    assert not noted(sign, ANSWERED, STOOD_STILL, ANSWERED)


@pytest.mark.parametrize("failed", [[LATE] * 9, [UNTAKEN], [UNTAKEN, NO_CONNECTION]])
def test_a_server_that_answers_again_is_there_again(
    sign: Sign, failed: list[tuple[Outcome, float]]
) -> None:
    assert not noted(sign, *failed, ANSWERED)
