"""How long a silence must last before the turn is over."""

import pytest

from pipeline.endpointing import Endpointing

ENDPOINTING = Endpointing(min_delay_s=0.3, max_delay_s=0.8)


@pytest.mark.parametrize(
    ("text", "delay_s"),
    [("Book a table.", 0.3), ("Book a table and", 0.8), ("", 0.8), ("98 76", 0.8)],
)
@pytest.mark.parametrize("punctuates", [False, True])
def test_only_what_looks_complete_is_answered_quickly(
    text: str, delay_s: float, punctuates: bool
) -> None:
    assert ENDPOINTING.delay_s(text, punctuates=punctuates) == delay_s


@pytest.mark.parametrize(("punctuates", "delay_s"), [(False, 0.3), (True, 0.725)])
def test_a_missing_full_stop_means_something_where_others_were_set(
    punctuates: bool, delay_s: float
) -> None:
    delay = ENDPOINTING.delay_s("Book a table", punctuates=punctuates)
    assert delay == pytest.approx(delay_s)
