"""What a second answer repeats of what was heard of the first."""

import re

import pytest

from pipeline.repetition import Repetition

NEW = "We are open from nine to six on Sunday."


def said(heard: str, answer: str) -> str:
    """What is left of the answer, which comes in tokens."""
    repetition = Repetition(heard)
    tokens = re.findall(r"\s*\S{1,3}", answer)
    return "".join([*(repetition.push(token) for token in tokens), repetition.end()])


@pytest.mark.parametrize(
    ("heard", "rest"),
    [
        ("", NEW),
        ("We", "are open from nine to six on Sunday."),
        ("We are open from nine", "to six on Sunday."),
        ("we are open, from nine", "to six on Sunday."),
        ("Sure, one moment. We are open from nine", "to six on Sunday."),
        ("Sure, one moment.", NEW),
        ("We are closed", NEW),
        ("We are open from nine to six on Sunday", ""),
        (f"{NEW} And on Monday", ""),
        ("nine", NEW),
        ("It is so that we", NEW),
    ],
)
def test_the_end_of_what_was_heard_is_not_said_again(heard: str, rest: str) -> None:
    assert said(heard, NEW).strip() == rest


def test_markup_and_other_scripts_are_compared_by_their_words() -> None:
    assert said("हम नौ बजे से", "**हम** नौ बजे से — छह बजे तक।").strip() == "— छह बजे तक।"


def test_only_a_word_is_held_once_it_is_told_apart() -> None:
    repetition = Repetition("We are open")
    assert [repetition.push(token) for token in ("We", " are", " closed", " now", ".")] == [
        "",
        "",
        "",
        "We are closed ",
        "",
    ]
    assert repetition.end() == "now."


def test_emphasis_that_was_begun_in_what_was_heard_ends_in_what_is_new() -> None:
    assert (
        said("We are open", "**We are open from nine** to six, a_b.").strip()
        == "from nine to six, a_b."
    )
