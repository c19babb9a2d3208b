import pytest

from sandbox.engines.arithmetic import answer_sum


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("what is 12 times 7", "That is 84."),
        ("twelve plus five", "That is 17."),
        ("how much is two hundred and five minus five", "That is 200."),
        ("what is fifteen percent of two hundred?", "That is 30."),
        ("10 divided by 4", "That is 2.50."),
        ("what's 2 + 3 * 4", "That is 14."),
        ("five divided by zero", "Nothing can be divided by zero."),
        ("1,000 times 1,000", "That is 1,000,000."),
    ],
)
def test_spoken_sums(question: str, expected: str) -> None:
    assert answer_sum(question) == expected


@pytest.mark.parametrize(
    "text", ["what is the time", "seven", "room 12", "1..2 + 3", "2 ** 9 ** 9"]
)
def test_what_is_no_sum(text: str) -> None:
    assert answer_sum(text) is None
