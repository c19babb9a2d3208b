"""The question as each kind of host can take it."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from core.catalog import QUIRKS, Quirk, Route
from core.unfinished import SIGN
from pipeline.attempt import Question
from pipeline.judged import with_instruction
from pipeline.ports import Message, ToolCall
from pipeline.providers.chat_request import chat_body
from pipeline.verdict import SignReader, Verdict
from tests.unit.pipeline.answers_as_text import TOOLS

SYSTEM = Message("system", "Be brief.")
GREETING = Message("assistant", "Hello!")
ASKED = Message("user", "When do you open?")
CALLED = Message("assistant", "Let me see.", (ToolCall("call_1", "find_hours", "{}"),))
FOUND = Message("tool", "at nine", call_id="call_1")
HISTORY = [
    SYSTEM,
    GREETING,
    ASKED,
    CALLED,
    FOUND,
    Message("user", "And when"),
    Message("user", "do you close?"),
]
ROUTE = Route(upstream="local", model="m")


def body(
    messages: Iterable[Message], *quirks: Quirk, route: Route = ROUTE, may_call: bool = True
) -> dict[str, Any]:
    return chat_body("m", Question(list(messages), TOOLS, may_call), route, frozenset(quirks))


def told(messages: Iterable[Message], *quirks: Quirk, **more: Any) -> list[tuple[str, str]]:
    return [(one["role"], one["content"]) for one in body(messages, *quirks, **more)["messages"]]


def test_a_host_without_quirks_is_told_all_as_it_was() -> None:
    asked = body(HISTORY)
    assert [one["role"] for one in asked["messages"]] == [one.role for one in HISTORY]
    assert asked["messages"][3]["tool_calls"] == [
        {"id": "call_1", "type": "function", "function": {"name": "find_hours", "arguments": "{}"}}
    ]
    assert asked["messages"][4]["tool_call_id"] == "call_1"
    assert [one["function"]["name"] for one in asked["tools"]] == ["find_hours", "end_call"]
    assert asked["stream_options"] == {"include_usage": True}


def test_a_model_that_may_not_call_still_has_its_tools() -> None:
    assert body(HISTORY, may_call=False)["tool_choice"] == "none"
    assert "tool_choice" not in body(HISTORY)


def test_where_roles_alternate_the_caller_is_first_and_nobody_speaks_twice() -> None:
    assert told(HISTORY, "alternates") == [
        ("system", "Be brief."),
        ("user", "(The call begins.)"),
        ("assistant", "Hello!"),
        ("user", "When do you open?"),
        ("assistant", "Let me see."),
        ("tool", "at nine"),
        ("assistant", "(No answer was heard.)"),
        ("user", "And when\ndo you close?"),
    ]


@pytest.mark.parametrize("quirks", [QUIRKS, ("alternates",), ("alternates", "no_system")])
def test_a_model_that_may_answer_with_the_sign_is_shown_none_as_an_answer(
    quirks: tuple[Quirk, ...],
) -> None:
    asked = told(with_instruction([*HISTORY, CALLED, FOUND, ASKED]), *quirks)
    answers = [text for role, text in asked if role == "assistant" and text]
    assert SIGN in asked[0][1], "it is asked for the sign"
    assert answers
    assert all(verdict_on(one) is Verdict.DONE for one in answers)


def verdict_on(answer: str) -> Verdict | None:
    reader = SignReader()
    reader.push(answer)
    reader.end()
    return reader.verdict


def test_without_tools_what_came_of_them_is_told_in_words() -> None:
    asked = body(HISTORY, "no_tools")
    assert "tools" not in asked
    assert [(one["role"], one["content"]) for one in asked["messages"]][3:5] == [
        ("assistant", "Let me see."),
        ("user", "(find_hours answered: at nine)"),
    ]
    assert all("tool_calls" not in one for one in asked["messages"])


def test_a_call_without_words_leaves_nothing_behind_without_tools() -> None:
    silent = Message("assistant", "", CALLED.calls)
    assert told([ASKED, silent, FOUND], "no_tools") == [
        ("user", "When do you open?"),
        ("user", "(find_hours answered: at nine)"),
    ]


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([SYSTEM, ASKED], [("user", "Be brief.\n\nWhen do you open?")]),
        (
            [SYSTEM, GREETING, ASKED],
            [
                ("user", "Be brief.\n\n(The call begins.)"),
                ("assistant", "Hello!"),
                ("user", "When do you open?"),
            ],
        ),
    ],
)
def test_without_a_system_message_its_rules_come_first(
    messages: list[Message], expected: list[tuple[str, str]]
) -> None:
    assert told(messages, "no_system", "alternates") == expected


def strict(roles: list[str]) -> bool:
    """What the strictest templates ask for: user and assistant by turns, user first and last."""
    sides = roles[1:] if roles[0] == "system" else roles
    return len(sides) % 2 == 1 and sides == ["user", "assistant"] * (len(sides) // 2) + ["user"]


@pytest.mark.parametrize("system", [[], [SYSTEM]])
@pytest.mark.parametrize("n_assistants", [0, 1, 2])
@pytest.mark.parametrize("n_users", [1, 3])
def test_a_template_without_tools_takes_any_history(
    system: list[Message], n_assistants: int, n_users: int
) -> None:
    history = [*system, *[GREETING] * n_assistants, *[ASKED] * n_users, CALLED, FOUND, ASKED]
    assert strict([role for role, _ in told(history, "alternates", "no_tools")])
    plainest = told(history, "alternates", "no_tools", "no_system")
    assert strict([role for role, _ in plainest])
    assert plainest[0][0] == "user"


def test_calls_go_under_the_ids_that_the_host_is_used_to() -> None:
    route = Route(upstream="local", model="m", call_ids="functions.{name}:{n}")
    more = Message("assistant", "", (ToolCall("call_x", "end_call", "{}"),))
    asked = body([*HISTORY, more, Message("tool", "no", call_id="call_x")], route=route)
    ids = [call["id"] for one in asked["messages"] for call in one.get("tool_calls", ())]
    results = [one["tool_call_id"] for one in asked["messages"] if one["role"] == "tool"]
    assert ids == results == ["functions.find_hours:0", "functions.end_call:1"]


@pytest.mark.parametrize("arguments", ["", "{", "[1]", "null", "sunday"])
def test_arguments_that_a_host_could_not_read_are_sent_as_none(arguments: str) -> None:
    call = Message("assistant", "", (ToolCall("1", "find_hours", arguments),))
    sent = body([ASKED, call, Message("tool", "no", call_id="1")])["messages"][1]
    assert sent["tool_calls"][0]["function"]["arguments"] == "{}"


def test_a_host_that_takes_no_extras_gets_none() -> None:
    route = Route(upstream="local", model="m", extra_body={"reasoning_effort": "none"})
    assert body(HISTORY, route=route)["extra_body"] == {"reasoning_effort": "none"}
    plain = body(HISTORY, "no_extras", route=route)
    assert set(plain) == {"model", "messages", "stream", "tools"}


def test_half_a_character_in_what_was_said_makes_no_request_impossible() -> None:
    call = ToolCall("call_1", "find_hours", '{"day": "\ud83d"}')
    said = [
        Message("user", "Hi \ud83d"),
        Message("assistant", "", (call,)),
        replace(FOUND, text="\udfff"),
    ]
    asked = body(said)
    assert json.dumps(asked, ensure_ascii=False).encode()
    assert asked["messages"][0]["content"] == "Hi \N{REPLACEMENT CHARACTER}"
