"""Tool rounds of sessions that keep no words."""

from typing import Any

import pytest

from store.wordless import wordless_rounds

CALLED: dict[str, Any] = {
    "id": "call_1",
    "name": "book_table",
    "arguments": '{"for": "Asha"}',
    "result": "booked for Asha",
    "outcome": "succeeded",
    "began_at_ms": 900,
    "duration_ms": 310,
    "is_cut": True,
}


def test_names_outcomes_and_times_stay() -> None:
    assert wordless_rounds([[CALLED]]) == [
        [{"name": "book_table", "outcome": "succeeded", "began_at_ms": 900, "duration_ms": 310}]
    ]


@pytest.mark.parametrize("change", [{"outcome": "unknown_tool"}, {"began_at_ms": None}])
def test_a_name_that_may_be_made_up_goes(change: dict[str, Any]) -> None:
    rounds = wordless_rounds([[{**CALLED, "name": "call_asha", **change}]])
    assert "asha" not in str(rounds)


@pytest.mark.parametrize("rounds", [None, [], ["Asha"], [["Asha"]], [{"Asha": 1}]])
def test_what_is_no_call_goes(rounds: list[Any] | None) -> None:
    assert "Asha" not in str(wordless_rounds(rounds))
