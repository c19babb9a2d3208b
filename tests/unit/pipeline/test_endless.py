"""What is said over a turn that does not end."""

import pytest

from pipeline.endless import Response, respond
from pipeline.steps import Commit, Overrun

WORDS = Commit("And so on", 0.0, None, 30.0)


@pytest.mark.parametrize(
    ("words", "number", "n_wordless", "response"),
    [
        (WORDS, 1, 0, Response.ANSWER),
        (WORDS, 2, 0, Response.ASK),
        (WORDS, 3, 0, Response.LEAVE),
        (None, 1, 1, Response.ASK),
        (None, 2, 2, Response.LEAVE),
        (None, 2, 1, Response.ASK),
        (WORDS, 2, 1, Response.ASK),
        (WORDS, 4, 1, Response.LEAVE),
    ],
)
def test_it_is_answered_or_asked_and_left_in_the_end(
    words: Commit | None, number: int, n_wordless: int, response: Response
) -> None:
    assert respond(Overrun(words, number, n_wordless)) is response
