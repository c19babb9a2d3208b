"""When a worker takes LiveKit to be out of its reach."""

from pathlib import Path

import pytest

from agent.link import MAX_UNANSWERED, Link
from agent.signs import Sign, Signs
from core.setting_groups import LiveKitSettings


@pytest.fixture
def sign(tmp_path: Path) -> Sign:
    return Signs(tmp_path).cut_off


def noted(sign: Sign, *answers: bool) -> bool:
    link = Link(LiveKitSettings(), sign)
    for is_answered in answers:
        link._note(is_answered=is_answered)
    return sign.path.exists()


def test_a_server_that_misses_one_question_is_there(sign: Sign) -> None:
    assert not noted(sign, *[True, *[False] * (MAX_UNANSWERED - 1), True] * 3)


def test_a_server_that_stays_silent_is_out_of_reach(sign: Sign) -> None:
    assert noted(sign, True, *[False] * MAX_UNANSWERED)


def test_a_server_that_answers_again_is_there_again(sign: Sign) -> None:
    assert not noted(sign, *[False] * (MAX_UNANSWERED + 5), True)
