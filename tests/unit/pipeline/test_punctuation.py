"""What a recogniser's full stops tell, learnt from its finals."""

import pytest

from pipeline.punctuation import MOST_STOPS, Punctuation


def learnt(*finals: str) -> Punctuation:
    punctuation = Punctuation()
    for final in finals:
        punctuation.read(final)
    return punctuation


@pytest.mark.parametrize(
    "finals",
    [
        ("I need a refund.",),
        ("I need a refund.", "I want to"),
        ("क्या आप खुले हैं?",),
        ("As good as it was.", "What is that for?"),
        (*["I need a refund."] * 20, "I want the."),
        ("Could you tell me where my order is?",),
    ],
)
def test_stops_at_the_ends_of_sentences_tell(finals: tuple[str, ...]) -> None:
    assert learnt(*finals).tells_ends


@pytest.mark.parametrize(
    "finals",
    [
        (),
        ("I need a refund", "I want to"),
        ("My order number is.",),
        ("I need a refund.", "I am calling because.", "It arrived broken."),
        ("मैं जानना चाहता हूँ कि।",),
        (*["I need a refund."] * 9, "I want the."),
    ],
)
def test_no_stops_or_those_of_every_pause_tell_nothing(finals: tuple[str, ...]) -> None:
    assert not learnt(*finals).tells_ends


def test_a_habit_that_changes_is_learnt_anew() -> None:
    punctuation = learnt(*["I want the."] * MOST_STOPS)
    for _ in range(4 * MOST_STOPS):
        punctuation.read("I need a refund.")
    assert punctuation.tells_ends
    assert punctuation.n_stops <= MOST_STOPS
