"""How the finals of one turn become one text."""

import pytest

from pipeline.words import join_parts


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["How much does it?", "cost."], "How much does it cost."),
        (["Hello.", "What time is it?"], "Hello. What time is it?"),
        (["I want to", "book a table."], "I want to book a table."),
        (["मेरा नंबर है।", "नौ आठ"], "मेरा नंबर है। नौ आठ"),
        ([], ""),
    ],
)
def test_a_sentence_that_goes_on_loses_the_end_that_a_flush_gave_it(
    parts: list[str], text: str
) -> None:
    assert join_parts(parts) == text
