"""Every call of a conversation has an id of its own, in the form that its host gives."""

import pytest

from pipeline.call_ids import distinct, in_form
from pipeline.ports import ToolCall


def call(call_id: str, name: str = "find_hours") -> ToolCall:
    return ToolCall(call_id, name, "{}")


@pytest.mark.parametrize(
    ("earlier", "given", "expected"),
    [
        ([], "functions.find_hours:0", "functions.find_hours:0"),
        (["functions.find_hours:0"], "functions.find_hours:0", "functions.find_hours:1"),
        (["call_0", "call_1"], "call_0", "call_2"),
        (["0"], "0", "1"),
        ([], "", "call_0"),
        (["call_0"], "", "call_1"),
        (["id"], "id", "id_1"),
    ],
)
def test_an_id_that_is_used_becomes_the_next_one_like_it(
    earlier: list[str], given: str, expected: str
) -> None:
    assert distinct(call(given), [call(one) for one in earlier]).id == expected


def test_a_call_without_an_id_follows_the_form_of_the_last_under_its_own_name() -> None:
    earlier = [call("functions.find_hours:0")]
    assert distinct(call("", "end_call"), earlier).id == "functions.end_call:0"


@pytest.mark.parametrize("used", ["call_8f3a91bc22d0", "D681PevKs", "chatcmpl-tool-9c1be4a7"])
def test_a_random_id_is_replaced_by_one_of_its_shape(used: str) -> None:
    found = distinct(call(used), [call(used)]).id
    head = used[: used.rfind(used.replace("-", "_").rpartition("_")[2])]
    assert found != used
    assert len(found) == len(used)
    assert found.startswith(head)
    assert found[len(head) :].isalnum()


def test_the_catalogs_forms() -> None:
    assert in_form("functions.{name}:{n}", "find_hours", 3) == "functions.find_hours:3"
    nine = in_form("{nine}", "find_hours", 3)
    assert len(nine) == 9
    assert nine.isalnum()
    assert nine != in_form("{nine}", "find_hours", 4)
