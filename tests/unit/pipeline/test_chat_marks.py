"""Where a passage with brackets ends, in a text that comes in pieces."""

from typing import SupportsIndex

import pytest

from pipeline.providers.chat_marks import Brackets
from pipeline.providers.chat_markup import Passage

OBJECT = Passage("{", is_whole=True, is_balanced=True)
NAMED = Passage("[TOOL_CALLS]", is_balanced=True)


class CountedText(str):
    """A text that counts how many of its characters are looked at one by one."""

    n_read = 0

    def __getitem__(self, at: SupportsIndex | slice) -> str:
        CountedText.n_read += 1
        return super().__getitem__(at)


@pytest.mark.parametrize(
    ("passage", "text", "end"),
    [
        (OBJECT, '{"day": [1]} and', 12),
        (OBJECT, '{"day": "}\\"}"} and', 15),
        (OBJECT, '{"day": "}', None),
        (NAMED, ' json\n[{"a": 1}] and', 16),
        (NAMED, "nothing", 0),
    ],
)
def test_a_passage_ends_with_the_last_bracket_that_stands_in_no_quotes(
    passage: Passage, text: str, end: int | None
) -> None:
    assert Brackets(passage).end(text) == end


def test_a_text_of_many_pieces_is_read_once() -> None:
    brackets, text = Brackets(OBJECT), ""
    for _ in range(1000):
        text += '{"a": '
        assert brackets.end(CountedText(text)) is None
    assert CountedText.n_read <= len(text)
