"""How long a silence must last before the turn is over."""

import pytest

from pipeline.endpointing import Endpointing
from pipeline.verdict import Verdict

ENDPOINTING = Endpointing(min_delay_s=0.3, max_delay_s=0.8)


@pytest.mark.parametrize(
    ("text", "delay_s"),
    [("Book a table.", 0.3), ("Book a table and", 0.8), ("", 0.8), ("98 76", 0.8)],
)
def test_only_what_looks_complete_is_answered_quickly(text: str, delay_s: float) -> None:
    assert ENDPOINTING.delay_s(text, stops_tell=True) == delay_s


def test_a_missing_full_stop_means_something_where_others_were_set() -> None:
    assert ENDPOINTING.delay_s("Book a table", stops_tell=True) == pytest.approx(0.725)


@pytest.mark.parametrize(
    ("text", "delay_s"),
    [
        ("Can I book a table", 0.375),
        ("Can I book a table.", 0.375),
        ("No, thanks.", 0.375),
        ("Book a table", 0.55),
        ("Book a table.", 0.55),
        ("Book a table and.", 0.8),
    ],
)
def test_where_stops_tell_nothing_a_question_is_answered_sooner_than_a_tale(
    text: str, delay_s: float
) -> None:
    assert ENDPOINTING.delay_s(text, stops_tell=False) == pytest.approx(delay_s)


@pytest.mark.parametrize("verdict", [Verdict.AWAITED, Verdict.UNFINISHED])
def test_where_stops_tell_nothing_the_models_word_is_waited_for_and_believed(
    verdict: Verdict,
) -> None:
    assert ENDPOINTING.delay_s("The parcel you sent.", stops_tell=False, verdict=verdict) == 0.8
    assert ENDPOINTING.delay_s("The parcel you sent", stops_tell=True, verdict=verdict) == 0.8


def test_a_full_stop_that_tells_is_believed_before_the_model() -> None:
    unfinished = Verdict.UNFINISHED
    assert ENDPOINTING.delay_s("I sent it.", stops_tell=True, verdict=unfinished) == 0.3


@pytest.mark.parametrize(
    ("text", "delay_s"),
    [
        ("Can I book a table", 0.3),
        ("Book a table", 0.55),
        ("Do you deliver at weekends as well", 0.3),
        ("Four", 0.55),
        ("Can I book a table and", 0.8),
    ],
)
def test_who_has_asked_and_is_done_as_the_model_says_is_answered_at_once(
    text: str, delay_s: float
) -> None:
    delay = ENDPOINTING.delay_s(text, stops_tell=False, verdict=Verdict.DONE)
    assert delay == pytest.approx(delay_s)
