"""What happened in a turn, out of columns that anybody may have written."""

import json

import pytest

from control_api.request.json_text import compact
from control_api.sessions.turn_parts import faults_of, passages_of, tool_calls_of, upstream_of

NO_LISTS: list[object] = [None, 7, "x", {}, {"llm": 7}]
GARBAGE: list[object] = [*NO_LISTS, [], [7], [[7, None]], [{"kind": []}], [[{"name": {}}]]]


@pytest.mark.parametrize("kept", GARBAGE)
def test_garbage_is_shown_as_nothing_much(kept: object) -> None:
    for shown in (tool_calls_of(kept), passages_of(kept), upstream_of(kept), faults_of(kept)):
        json.loads(compact(shown))


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "[2]",
        '{"a": 1',
        '{"a": NaN}',
        '{"a": 1, "a": 2}',
        '{"a": "\\ud800"}',
        '{"a": "\\u0000"}',
        '{"a": 1e999}',
        '{"a": ' * 400 + "1" + "}" * 400,
    ],
)
def test_arguments_that_are_no_plain_object_are_shown_as_text(arguments: str) -> None:
    (call,) = tool_calls_of([[{"name": "book", "arguments": arguments}]])
    assert call.arguments == arguments
    assert json.loads(compact(call))["arguments"] == arguments


def test_arguments_that_are_an_object_are_shown_as_one() -> None:
    (call,) = tool_calls_of([[{"name": "book", "arguments": '{"people": 2, "day": {"of": []}}'}]])
    assert json.loads(compact(call))["arguments"] == {"people": 2, "day": {"of": []}}
