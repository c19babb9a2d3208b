"""Tools as a model's host is told of them, and calls as they come back, over each upstream."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from core.catalog import Route
from pipeline.attempt import Sign
from pipeline.metering import Meter
from pipeline.ports import Message, Tool, ToolCall
from pipeline.race import Patience
from pipeline.route_board import OwnBoard
from pipeline.router import Router
from sandbox.script import ChatFault, ChatScript, ReplyRule, Script, ScriptedCall
from sandbox.server import Sandbox, serve
from tests.integration.hosted_models import QUESTION, model_at

TOOLS = [Tool("find_hours", "Finds hours.", {"type": "object", "properties": {"day": {}}})]
ARGUMENTS = '{"day": "sunday", "place": "the shop"}'
RULE = ReplyRule(
    "open",
    reply="It says {result}.",
    before="Let me see.",
    tool_calls=(ScriptedCall("find_hours", ARGUMENTS), ScriptedCall("find_hours")),
)


@asynccontextmanager
async def hosted(*faults: ChatFault) -> AsyncIterator[Sandbox]:
    chat = ChatScript(rules=(RULE,), first_token_ms=0, tokens_per_s=10_000, faults=faults)
    async with serve(Script(chat=chat)) as sandbox:
        yield sandbox


async def answer(
    model: Any, messages: Sequence[Message], *, may_call: bool = True, **more: Any
) -> tuple[str, tuple[ToolCall, ...]]:
    async with model.reply(messages, TOOLS, may_call=may_call, **more) as items:
        found = [item async for item in items]
    text = "".join(item for item in found if isinstance(item, str))
    return text, tuple(item for item in found if isinstance(item, ToolCall))


@pytest.mark.parametrize("upstream", ["openrouter", "moonshot", "sarvam", "local"])
async def test_a_call_is_whole_and_its_result_is_taken_back(upstream: str) -> None:
    meter = Meter()
    async with hosted() as sandbox, model_at(sandbox.http_url, upstream, meter) as model:
        signs: list[Sign] = []
        text, calls = await answer(model, QUESTION, on_sign=signs.append)
        asked = meter.take()
        results = [Message("tool", f"nine {index}", call_id=c.id) for index, c in enumerate(calls)]
        history = [*QUESTION, Message("assistant", text, calls=calls), *results]
        reply, _ = await answer(model, history)

    assert text == "Let me see."
    assert [(call.name, call.arguments) for call in calls] == [
        ("find_hours", ARGUMENTS),
        ("find_hours", "{}"),
    ]
    assert reply == "It says nine 1."
    assert signs.count(Sign.CALLS) > len(calls)
    assert signs[-1] is Sign.ENDS
    assert asked.output_tokens > len("Let me see.".split())
    assert meter.take().input_tokens > 0
    sent = sandbox.requests.to("/chat/completions")[1].body
    assert [message["role"] for message in sent["messages"]] == [
        "system",
        "user",
        "assistant",
        "tool",
        "tool",
    ]
    assert sent["tools"][0]["function"]["parameters"] == TOOLS[0].parameters


async def test_a_model_that_may_not_call_still_has_its_tools() -> None:
    async with hosted() as sandbox, model_at(sandbox.http_url, "local") as model:
        text, calls = await answer(model, QUESTION, may_call=False)

    assert (text, calls) == ("It says .", ())
    sent = sandbox.requests.to("/chat/completions")[0].body
    assert (sent["tool_choice"], len(sent["tools"])) == ("none", 1)


async def test_a_host_that_fails_before_its_call_gives_way_to_the_next() -> None:
    fault = ChatFault(upstream="openrouter", status=503)
    async with (
        hosted(fault) as sandbox,
        model_at(sandbox.http_url, "openrouter") as first,
        model_at(sandbox.http_url, "moonshot") as second,
    ):
        answered: list[Route] = []
        router = Router([first, second], Patience(2.0, 2.0, 2.0), OwnBoard(), answered.append)
        _, calls = await answer(router, QUESTION)

    assert answered == [second.route]
    assert calls[0].id == "functions.find_hours:0"
