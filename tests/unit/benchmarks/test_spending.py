"""What turns asked for in vain, over what they used."""

import pytest

from benchmarks.kept_result import KeptSystem
from benchmarks.report.tables import waste
from benchmarks.result import Environment, Tally
from benchmarks.spending import Waste, spending_of
from cli.caller.turn import Turn

ENVIRONMENT = Environment("abc", False, "Linux", "a cpu", 2, "3.11", "2026-01-01T00:00", 0.5)
TURN = Turn(
    turn_index=1,
    used_input_tokens=90,
    used_output_tokens=10,
    used_characters=40,
    discarded_input_tokens=150,
    discarded_output_tokens=0,
    discarded_characters=0,
)


def test_tokens_are_those_that_were_read_and_those_that_were_written() -> None:
    assert spending_of([TURN]) == {"tokens": (100, 150), "characters": (40, 0)}


def test_all_turns_that_one_question_brought_count() -> None:
    assert spending_of([TURN, TURN])["tokens"] == (200, 300)


@pytest.mark.parametrize("turns", [[], [TURN, Turn(turn_index=2)]])
def test_a_turn_that_does_not_tell_is_no_sample(turns: list[Turn]) -> None:
    assert spending_of(turns) == {}


def test_the_whole_counts_turns_that_used_nothing() -> None:
    assert Waste.of([(100, 50), (100, 150), (0, 100)]) == Waste(2, 1.0, 1.45, 1.5)


@pytest.mark.parametrize("turns", [[], [(0, 40)]])
def test_where_nothing_was_used_there_is_no_ratio(turns: list[tuple[int, int]]) -> None:
    assert Waste.of(turns) is None


def test_a_result_shows_and_keeps_it() -> None:
    tally, kept = Tally(), KeptSystem()
    tally.spend(spending_of([TURN]))
    result = tally.result("response_latency", {}, ENVIRONMENT)
    kept.add(result)
    kept.add(result)
    assert "tokens discarded / used: 1.50 / 1.50 (1), 1.50 in all" in result.table().splitlines()
    assert str(kept.waste("characters")) == "0.00 / 0.00 (2), 0.00 in all"
    assert "<td" in waste({"vaarta": result})
    assert "1.50" in waste({"vaarta": result})
