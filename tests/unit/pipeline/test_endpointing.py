"""How long a silence must last before the turn is over."""

import pytest

from pipeline.endpointing import Endpointing


@pytest.mark.parametrize(
    ("text", "delay_s"),
    [("Book a table.", 0.3), ("Book a table and", 0.9), ("", 0.9), ("98 76", 0.9)],
)
def test_only_what_looks_complete_is_answered_quickly(text: str, delay_s: float) -> None:
    assert Endpointing(min_delay_s=0.3, max_delay_s=0.9).delay_s(text) == delay_s
