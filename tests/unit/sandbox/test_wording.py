from collections import Counter

import pytest

from sandbox.script import ChatScript
from sandbox.scripted.wording import AGAIN_AFTER_S, Wording

SCRIPT = ChatScript(
    replies=("It is on the {first|second|third} floor.", "That costs {ten|twenty} rupees."),
    openings=("Sure,", "Of course."),
    draws=True,
)
OPENINGS = ("Sure, ", "Of course. ")


def asked(times: int, model: str = "one", seed: int = 1) -> list[str]:
    wording = Wording(SCRIPT, seed)
    return [wording.word("Where is it?", model, 10.0 * number) for number in range(times)]


def test_half_of_the_answers_open_with_the_answer_and_half_as_models_do() -> None:
    opened = sum(answer.startswith(OPENINGS) for answer in asked(400))
    assert opened == pytest.approx(200, abs=30)


def test_answers_differ_and_hold_no_alternative_unchosen() -> None:
    answers = Counter(asked(400))
    assert len(answers) == 15
    assert not any("{" in answer for answer in answers)


def test_who_asks_in_the_same_order_is_answered_in_the_same_words() -> None:
    assert asked(20, "one") == asked(20, "another")
    assert asked(20) != asked(20, seed=2)


def test_two_models_do_not_share_the_count() -> None:
    wording = Wording(SCRIPT, 1)
    turns = [wording.word("Why?", model, 10.0 * n) for n in range(9) for model in ("a", "b")]
    assert turns[::2] == turns[1::2]


def test_a_question_asked_ahead_of_time_has_the_answer_that_it_has_then() -> None:
    wording = Wording(SCRIPT, 1)
    ahead = [wording.word("where is it", "m", 30.0 * n) for n in range(9)]
    wording = Wording(SCRIPT, 1)
    again = []
    for number in range(9):
        wording.word("where is it", "m", 30.0 * number)
        again.append(wording.word("Where is it?", "m", 30.0 * number + AGAIN_AFTER_S / 2))
    assert again == ahead


def test_a_rules_own_reply_is_worded_too() -> None:
    wording = Wording(SCRIPT, 1)
    answers = {wording.word("Hours?", "m", 10.0 * n, "From {six|seven}.") for n in range(60)}
    assert {answer.removeprefix(OPENINGS[0]).removeprefix(OPENINGS[1]) for answer in answers} == {
        "From six.",
        "From seven.",
    }
