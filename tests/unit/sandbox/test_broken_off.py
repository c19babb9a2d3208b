import pytest

from sandbox.script import SpokenPause, Utterance
from sandbox.scripted.broken_off import BrokenOff

TABLE = Utterance("I would like a table for four people.", pauses=(SpokenPause(6, 1000),))
CARD = Utterance("I lost my card on the train.", pauses=(SpokenPause(4, 900, whole=True),))


def judge(right_percent: int = 100, seed: int = 1) -> BrokenOff:
    return BrokenOff([TABLE, CARD], right_percent, seed)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("I would like a table for", True),
        ("i would like a table for.", True),
        ("I would like a table for four people", False),
        ("four people.", False),
        ("I lost my card", False),
        ("I lost my card on the", True),
        ("What else is there", False),
    ],
)
def test_it_knows_what_the_words_can_tell_and_no_more(said: str, expected: bool) -> None:
    assert judge().tells(said) is expected


def test_it_errs_as_often_as_it_is_told_and_in_both_directions() -> None:
    wrong = [
        judge(80, seed).tells(said) is not expected
        for seed in range(200)
        for said, expected in (("I would like a table for", True), ("I lost my card", False))
    ]
    assert sum(wrong) == pytest.approx(80, abs=25)
    assert sum(wrong[::2]) > 15
    assert sum(wrong[1::2]) > 15


def test_the_same_words_are_judged_alike() -> None:
    assert len({judge(50).tells("I lost my card") for _ in range(9)}) == 1
