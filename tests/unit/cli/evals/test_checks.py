"""What is found wrong with a call."""

from collections.abc import Sequence
from typing import Any

import pytest

from cli.caller.session_api import Session
from cli.evals.checks import failures_of
from cli.evals.outcome import Exchange, Played, PlayedTurn, ToolCall
from cli.evals.suite import Case

OPEN = PlayedTurn(
    turn_index=1,
    user_transcript="When do you open?",
    agent_response="We open at **nine** and close at 5 p.m.",
    first_audio_ms=700,
    language="en-IN",
    tool_calls=(ToolCall(name="hours", arguments={"day": "sunday", "city": "Pune"}),),
)
GREETING = PlayedTurn(turn_index=0, agent_response="Hello, how can I help?")


def played(*turns: PlayedTurn, said: Sequence[Exchange] | None = None, **ended: Any) -> Played:
    session = Session(id="s", status="completed", **{"end_reason": "caller_hangup", **ended})
    exchanges = [Exchange("When do you open?", [1])] if said is None else said
    return Played(session, {one.turn_index: one for one in (GREETING, *turns)}, exchanges)


def case(expect: dict[str, Any] | None = None, **call: Any) -> Case:
    said = {"text": "When do you open?", "expect": expect or {}}
    return Case.model_validate({"name": "Hours", "say": [said], "expect": call})


@pytest.mark.parametrize(
    "wanted",
    [
        {"says": ["NINE", ["six", "5 p.m."]]},
        {"says": ["open at nine and close"], "never_says": ["nineteen", "nin", "sorry"]},
        {"tools": [{"name": "hours", "arguments": {"day": "sunday"}}]},
        {"first_audio_within_ms": 700, "language": "en-IN"},
    ],
)
def test_what_is_as_it_should_be_is_no_failure(wanted: dict[str, Any]) -> None:
    assert failures_of(case(wanted), played(OPEN)) == []


@pytest.mark.parametrize(
    ("wanted", "failure"),
    [
        ({"says": ["ten"]}, "say 1: says: 'ten' is not in 'We open at"),
        ({"says": [["ten", "ninety"]]}, "say 1: says: 'ten' or 'ninety' is not in"),
        ({"never_says": ["close at"]}, "say 1: never_says: 'close at' is in"),
        ({"no_tools": True}, "say 1: no_tools: hours was called"),
        ({"tools": [{"name": "prices"}]}, "say 1: tools: no call of prices, but hours"),
        ({"tools": [{"name": "hours", "arguments": {"day": "monday"}}]}, "tools: no call of hours"),
        ({"first_audio_within_ms": 699}, "say 1: first_audio_within_ms: 700 ms, not 699"),
        ({"language": "hi-IN"}, "say 1: language: en-IN, not hi-IN"),
    ],
)
def test_what_is_not_is_told_with_what_it_was(wanted: dict[str, Any], failure: str) -> None:
    (found,) = failures_of(case(wanted), played(OPEN))
    assert failure in found


def test_an_answer_that_was_not_measured_is_not_in_time() -> None:
    unmeasured = OPEN.model_copy(update={"first_audio_ms": None})
    wanted = case({"first_audio_within_ms": 5000})
    assert failures_of(wanted, played(unmeasured)) == [
        "say 1: first_audio_within_ms: None ms, not 5000"
    ]


def test_what_was_not_answered_is_said_once() -> None:
    unanswered = played(said=[Exchange("When do you open?", [])])
    assert failures_of(case({"says": ["nine"]}), unanswered) == ["say 1: not answered"]


def test_a_call_that_the_agent_ended_too_early_is_told() -> None:
    assert failures_of(case(), played(said=[], end_reason="agent_closed")) == [
        "the call was over before the last 1 of what was to be said"
    ]


def test_the_whole_call_is_looked_at_too() -> None:
    wanted = case(says=["how can I help"], never_says=["nine"], end_reason="agent_closed")
    assert failures_of(wanted, played(OPEN)) == [
        "never_says: 'nine' is in 'Hello, how can I help? We open at **nine** and close at 5 p.m.'",
        "end_reason: caller_hangup, not agent_closed",
    ]


def test_words_of_other_scripts_are_compared_with_their_signs() -> None:
    said = PlayedTurn(turn_index=1, agent_response="हम सुबह नौ बजे खुलते हैं।")
    assert failures_of(case({"says": ["नौ बजे"]}), played(said)) == []
    assert failures_of(case({"says": ["नौ बज"]}), played(said)) != []
