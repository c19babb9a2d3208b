from typing import Any

import pytest

from sandbox.chat_request import parse_call
from sandbox.chat_upstreams import OTHERS, SARVAM_V1, SARVAM_V2, Upstream
from sandbox.refusals import Refusal

HELLO = [{"role": "user", "content": "hello"}]


def body(model: str, **fields: Any) -> dict[str, Any]:
    return {"model": model, "messages": HELLO, **fields}


def refusal(data: object, upstream: Upstream) -> Refusal:
    with pytest.raises(Refusal) as caught:
        parse_call(data, upstream)
    return caught.value


def test_parts_of_a_message_are_joined() -> None:
    parts = [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]
    call = parse_call(
        {"model": "any", "messages": [{"role": "user", "content": parts}]}, OTHERS["local"]
    )

    assert call.request.messages[0].text == "one two"


def test_an_unknown_field_is_refused_by_v2_alone() -> None:
    data = body("sarvam-105b", store=True)

    assert parse_call(data, SARVAM_V1).request.model == "sarvam-105b"
    assert refusal(data, SARVAM_V2).status == 400


@pytest.mark.parametrize("field", ["stream_options", "top_k", "reasoning_effort", "tools"])
def test_documented_fields_pass_v2(field: str) -> None:
    assert parse_call(body("gemma4", **{field: None}), SARVAM_V2).request.model == "gemma4"


@pytest.mark.parametrize(
    ("upstream", "model", "status"),
    [
        (SARVAM_V1, "sarvam-m", 400),
        (SARVAM_V1, "sarvam-30b", 400),
        (OTHERS["moonshot"], "kimi-k2.5", 404),
        (OTHERS["openrouter"], "kimi-k2.5", 400),
        (OTHERS["clarifai"], "Kimi-K2_5", 404),
    ],
)
def test_a_model_that_is_not_there_is_refused(upstream: Upstream, model: str, status: int) -> None:
    assert refusal(body(model), upstream).status == status


@pytest.mark.parametrize(
    "data",
    [
        [],
        {"messages": HELLO},
        {"model": "sarvam-105b"},
        {"model": "sarvam-105b", "messages": []},
        {"model": "sarvam-105b", "messages": [{"role": "king", "content": ""}]},
        body("sarvam-105b", temperature=3),
        {"model": "sarvam-105b", "messages": [{"role": "tool", "content": "4"}]},
    ],
)
def test_a_malformed_body_is_refused_in_sarvams_envelope(data: object) -> None:
    problem = refusal(data, SARVAM_V1)

    assert problem.status == 400
    assert problem.body is not None
    assert problem.body["error"]["code"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("fields", "is_good"),
    [
        ({}, True),
        ({"temperature": 0.6}, False),
        ({"temperature": 0.6, "thinking": {"type": "disabled"}}, True),
        ({"top_p": 1.0}, False),
    ],
)
def test_kimi_takes_its_own_sampling_values_only(fields: dict[str, Any], is_good: bool) -> None:
    data = body("kimi-k2.6", **fields)

    if is_good:
        parse_call(data, OTHERS["moonshot"])
    else:
        problem = refusal(data, OTHERS["moonshot"])
        assert problem.body == {
            "error": {"message": problem.message, "type": "invalid_request_error"}
        }


def test_each_upstream_speaks_its_own_error_form() -> None:
    router = OTHERS["openrouter"].refuse(429, "slow down", retry_after_s=2)

    assert router.body == {"error": {"code": 429, "message": "slow down"}}
    assert router.headers == {"Retry-After": "2"}
    moonshot = OTHERS["moonshot"].refuse(429, "slow down")
    assert moonshot.body == {"error": {"message": "slow down", "type": "rate_limit_reached_error"}}


CALL: dict[str, Any] = {
    "role": "assistant",
    "tool_calls": [{"id": "call_1", "function": {"name": "add", "arguments": "{}"}}],
}
RESULT: dict[str, Any] = {"role": "tool", "tool_call_id": "call_1", "content": "4"}
TOOLS: list[Any] = [{"type": "function", "function": {"name": "add"}}]


@pytest.mark.parametrize(
    ("messages", "is_good"),
    [
        ([*HELLO, CALL, RESULT], True),
        ([*HELLO, CALL, RESULT, *HELLO], True),
        ([*HELLO, CALL], False),
        ([*HELLO, CALL, *HELLO], False),
        ([*HELLO, RESULT], False),
        ([*HELLO, CALL, RESULT, RESULT], False),
    ],
)
def test_calls_and_results_come_in_pairs(messages: list[Any], is_good: bool) -> None:
    data = {"model": "any", "messages": messages, "tools": TOOLS}

    if is_good:
        assert parse_call(data, OTHERS["local"]).request.may_call
    else:
        assert refusal(data, OTHERS["local"]).status == 400


def test_tools_that_are_forbidden_may_not_be_called() -> None:
    data = body("any", tools=TOOLS, tool_choice="none")

    assert not parse_call(data, OTHERS["local"]).request.may_call
