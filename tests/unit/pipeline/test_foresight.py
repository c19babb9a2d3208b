"""Whether words that are still being said are likely to be all of them, learnt from the turns."""

import pytest

from pipeline.foresight import MOST_GUESSES, Foresight, Odds

SAID = "What are your opening hours on Sunday?"
EARLIER = ("What are your opening", "What are your opening hours")


def test_a_recogniser_of_which_nothing_is_known_is_hoped_for() -> None:
    assert Foresight().promises("Book a table")
    assert Foresight().promises("Book a table.")


def test_where_words_mostly_went_on_more_are_expected() -> None:
    foresight = Foresight()
    for _ in range(3):
        foresight.read(EARLIER, SAID)
    assert not foresight.promises("Book a table")


def test_a_full_stop_is_judged_by_other_full_stops() -> None:
    foresight = Foresight()
    for _ in range(3):
        foresight.read((*EARLIER, SAID), SAID)
    assert foresight.promises("Book a table.")
    assert not foresight.promises("Book a table")


def test_where_one_in_three_held_they_are_worth_an_answer() -> None:
    foresight = Foresight()
    for _ in range(3 * MOST_GUESSES):
        foresight.read((*EARLIER, "what are your opening hours on sunday"), SAID)
        assert foresight.promises("Book a table")


def test_a_recogniser_that_changes_is_learnt_anew() -> None:
    odds = Odds()
    for _ in range(4 * MOST_GUESSES):
        odds.read(has_held=False)
    for _ in range(MOST_GUESSES):
        odds.read(has_held=True)
    assert odds.are_good
    assert odds.n <= MOST_GUESSES


@pytest.mark.parametrize("said", ["Hello", SAID])
def test_a_turn_without_guesses_teaches_nothing(said: str) -> None:
    foresight = Foresight()
    foresight.read((), said)
    assert foresight == Foresight()
