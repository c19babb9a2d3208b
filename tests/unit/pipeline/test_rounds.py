"""Tool rounds as the store keeps them."""

import json

import pytest

from pipeline.history import MAX_RESULT_CHARS, shortened
from pipeline.ports import Outcome, ToolCall
from pipeline.rounds import MAX_ROUNDS_BYTES, rounds_from_json, rounds_to_json
from pipeline.tool_use import Called


def called(number: int, result: str | None = "done", arguments: str = "{}") -> Called:
    return Called(ToolCall(f"call_{number}", "book_table", arguments), result)


def test_what_was_written_is_read_again() -> None:
    rounds = [[called(1, "booked", '{"people": 2}'), called(2, None)], [called(3, "")]]
    assert rounds_from_json(json.loads(json.dumps(rounds_to_json(rounds)))) == rounds


def test_what_became_of_a_call_is_kept_with_its_moment() -> None:
    one = called(1)
    one.outcome, one.began_at, one.duration_ms = Outcome.TIMED_OUT, 107.25, 800
    (made,) = rounds_to_json([[one]], 100.0)[0]
    assert (made["outcome"], made["began_at_ms"], made["duration_ms"]) == ("timed_out", 7250, 800)
    ((again,),) = rounds_from_json([[made]])
    assert (again.outcome, again.began_at, again.began_at_ms) == (Outcome.TIMED_OUT, None, 7250)
    assert rounds_to_json([[again]], 50.0) == [[made]], "another process's clock is another"


@pytest.mark.parametrize(
    ("arguments", "result", "is_cut"),
    [("{}", "done", False), ("{}", "x" * 2001, True), (f'"{"x" * 2000}"', "done", True)],
)
def test_what_is_cut_says_so_however_often_it_is_stored(
    arguments: str, result: str, is_cut: bool
) -> None:
    made = rounds_to_json([[called(1, result, arguments)]])
    assert made[0][0].get("is_cut", False) is is_cut
    assert rounds_to_json(rounds_from_json(made)) == made


@pytest.mark.parametrize(
    "garbage",
    [None, 7, "[[]]", {}, [None, 3, "x", {}], [[None, 3, "x", [], {}]], [[{"id": 7, "name": "x"}]]],
)
def test_garbage_holds_no_calls(garbage: object) -> None:
    assert rounds_from_json(garbage) == []


def test_calls_beside_garbage_and_of_another_version_are_read() -> None:
    known = {"id": "1", "name": "look_up", "result": {"new": "form"}, "took_ms": 7}
    assert rounds_from_json([[known, "x"], 4]) == [[Called(ToolCall("1", "look_up", "{}"))]]


def test_a_long_result_is_shortened_once_however_often_it_is_stored() -> None:
    long = "एक दो " * 1000
    once = rounds_from_json(rounds_to_json([[called(1, long)]]))
    assert once[0][0].result == shortened(long, MAX_RESULT_CHARS)
    assert rounds_from_json(rounds_to_json(once)) == once


@pytest.mark.parametrize("char", ["x", "क", '"'])
def test_rounds_are_bounded_and_no_call_is_left_out(char: str) -> None:
    arguments = json.dumps({"of": char * 5000})
    rounds = [[called(n, char * 10_000, arguments) for n in range(8)] for _ in range(6)]
    made = rounds_to_json(rounds)
    assert len(json.dumps(made, ensure_ascii=False).encode()) <= MAX_ROUNDS_BYTES
    assert [len(one) for one in made] == [8] * 6
    assert all(json.loads(one["arguments"]) == {} for one in made[0])


def test_what_no_database_takes_is_left_out() -> None:
    made = rounds_to_json([[called(1, "a\0b\ud800c")]])
    assert made[0][0]["result"] == "abc"
