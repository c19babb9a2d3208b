"""Hosts of models as people meet them: what is spoken, what is called, and who is asked."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from core.errors import ProviderClosed
from pipeline.attempt import Sign
from pipeline.ports import Item, Message, Tool, ToolCall, Withdrawn
from pipeline.race import Patience
from pipeline.route_board import OwnBoard
from pipeline.router import Router
from sandbox.chat_habit import TEMPLATES, ChatHabit
from sandbox.script import ChatScript, ReplyRule, Script, ScriptedCall
from sandbox.server import Sandbox, serve
from tests.integration.hosted_models import QUESTION, model_at

TOOLS = [
    Tool("find_hours", "Finds hours.", {"type": "object", "properties": {"day": {}}}),
    Tool("end_call", "Hangs up.", {"type": "object", "properties": {}}),
]
SUNDAY = {"day": "sunday"}
MONDAY = {"day": "monday"}
ANSWER = "We are open from nine to six."
RULES = (
    ReplyRule(
        "open",
        reply=ANSWER,
        before="Let me see.",
        tool_calls=(
            ScriptedCall("find_hours", json.dumps(SUNDAY)),
            ScriptedCall("find_hours", json.dumps(MONDAY)),
        ),
    ),
)
PLAIN = (ReplyRule("open", reply=ANSWER),)
DEADLINE_S = 60.0
PATIENT = Patience(first_token_s=10.0, token_s=10.0, stall_s=5.0)
GREETED = [
    QUESTION[0],
    Message("assistant", "Hello!"),
    Message("user", "Good morning."),
    Message("user", "When do you open?"),
]


@asynccontextmanager
async def hosted(
    *habits: ChatHabit, rules: tuple[ReplyRule, ...] = RULES
) -> AsyncIterator[Sandbox]:
    chat = ChatScript(rules=rules, first_token_ms=0, tokens_per_s=10_000, habits=habits)
    async with serve(Script(chat=chat)) as sandbox:
        yield sandbox


class Said:
    """What is left of an answer in the end."""

    def __init__(self, items: list[Item]) -> None:
        void = [index for index, item in enumerate(items) if isinstance(item, Withdrawn)]
        stands = items[void[-1] + 1 :] if void else items
        self.words = "".join(item for item in stands if isinstance(item, str)).strip()
        self.ids = [item.id for item in stands if isinstance(item, ToolCall)]
        self.calls = [
            (item.name, json.loads(item.arguments)) for item in stands if isinstance(item, ToolCall)
        ]


async def said_by(model: Any, messages: list[Message] = QUESTION, **more: Any) -> Said:
    async with asyncio.timeout(DEADLINE_S), model.reply(messages, TOOLS, **more) as items:
        return Said([item async for item in items])


def asked(sandbox: Sandbox) -> list[Any]:
    """The bodies of the requests for an answer."""
    return [one.body for one in sandbox.requests.to("/chat/completions")]


BOTH = [("find_hours", SUNDAY), ("find_hours", MONDAY)]


# B1, B2, B11: calls


@pytest.mark.parametrize("template", TEMPLATES)
async def test_calls_that_are_left_in_the_text_are_made_and_not_said(template: str) -> None:
    async with (
        hosted(ChatHabit(template=template)) as sandbox,
        model_at(sandbox.http_url, "openrouter") as model,
    ):
        said = await said_by(model)
    assert (said.words, said.calls) == ("Let me see.", BOTH)


@pytest.mark.parametrize("finish", ["null", "length", "tool_call", "stop", "TOOL_CALLS"])
async def test_calls_are_made_once_whatever_the_end_is_called(finish: str) -> None:
    async with (
        hosted(ChatHabit(finish=finish)) as sandbox,
        model_at(sandbox.http_url, "openrouter") as model,
    ):
        assert (await said_by(model)).calls == BOTH


@pytest.mark.parametrize("indexes", ["own", "one", "none"])
@pytest.mark.parametrize("ids", ["own", "empty", "none", "anew"])
async def test_parallel_calls_are_made_once_however_they_are_counted(
    indexes: str, ids: str
) -> None:
    async with (
        hosted(ChatHabit(indexes=indexes, ids=ids)) as sandbox,
        model_at(sandbox.http_url, "local") as model,
    ):
        assert (await said_by(model)).calls == BOTH


async def test_a_history_of_other_ids_is_told_in_the_hosts_own() -> None:
    call = ToolCall("call_8f3a91bc22d0", "find_hours", "{}")
    history = [
        *QUESTION,
        Message("assistant", "", (call,)),
        Message("tool", "nine", call_id=call.id),
    ]
    async with (
        hosted() as sandbox,
        model_at(sandbox.http_url, "moonshot", call_ids="functions.{name}:{n}") as model,
    ):
        await said_by(model, history)
    told = asked(sandbox)[0]["messages"]
    assert told[-2]["tool_calls"][0]["id"] == told[-1]["tool_call_id"] == "functions.find_hours:0"


# B4, B5: what a host refuses


@pytest.mark.parametrize("upstream", ["openrouter", "local"])
async def test_a_host_that_takes_no_tools_is_asked_without_and_from_then_on(upstream: str) -> None:
    board = OwnBoard()
    async with hosted(ChatHabit(tools="refused"), rules=PLAIN) as sandbox:
        for _ in range(2):
            async with model_at(sandbox.http_url, upstream, board=board) as model:
                assert (await said_by(model)).words == ANSWER
    assert ["tools" in one for one in asked(sandbox)] == [True, False, False]


async def test_a_refusal_without_a_reason_is_remembered_by_the_session_alone() -> None:
    board = OwnBoard()
    async with hosted(ChatHabit(tools="unfit"), rules=PLAIN) as sandbox:
        for _ in range(2):
            async with model_at(sandbox.http_url, "local", board=board) as model:
                assert (await said_by(model)).words == ANSWER
                assert (await said_by(model)).words == ANSWER
    assert ["tools" in one for one in asked(sandbox)] == [True, False, False] * 2


async def test_a_route_that_says_it_takes_no_tools_is_never_offered_any() -> None:
    async with (
        hosted(ChatHabit(tools="refused"), rules=PLAIN) as sandbox,
        model_at(sandbox.http_url, "local", quirks=["no_tools"]) as model,
    ):
        assert (await said_by(model)).words == ANSWER
    assert ["tools" in one for one in asked(sandbox)] == [False]


@pytest.mark.parametrize("quirks", [[], ["alternates"], ["alternates", "no_system"]])
@pytest.mark.parametrize("system", [True, False])
async def test_roles_that_must_alternate_do(quirks: list[str], system: bool) -> None:
    board = OwnBoard()
    async with (
        hosted(ChatHabit(alternate=True, system=system), rules=PLAIN) as sandbox,
        model_at(sandbox.http_url, "local", board=board, quirks=quirks) as model,
    ):
        assert (await said_by(model, GREETED)).words == ANSWER
        n_asked = len(asked(sandbox))
        assert (await said_by(model, GREETED)).words == ANSWER
    assert len(asked(sandbox)) == n_asked + 1, "what was learnt is remembered"


# B6, B7: reasoning


@pytest.mark.parametrize("upstream", ["openrouter", "sarvam", "local"])
@pytest.mark.parametrize("thinks_in", ["field", "tags", "end"])
async def test_reasoning_is_never_said(upstream: str, thinks_in: str) -> None:
    habit = ChatHabit(thinks_ms=300, thinks_in=thinks_in)
    signs: list[Sign] = []
    async with (
        hosted(habit, rules=PLAIN) as sandbox,
        model_at(sandbox.http_url, upstream) as model,
    ):
        assert (await said_by(model, on_sign=signs.append)).words == ANSWER
    assert Sign.THINKS in signs


async def test_a_host_that_once_thought_aloud_is_waited_for_until_it_has_thought() -> None:
    board = OwnBoard()
    aloud = ChatHabit(thinks_ms=100, thinks_in="end")
    async with hosted(aloud, rules=PLAIN) as sandbox:
        for _ in range(2):
            async with model_at(sandbox.http_url, "local", board=board) as model:
                assert (await said_by(model)).words == ANSWER
    health = board.health(model.route)
    assert "opens_in_thought" in health.quirks


async def test_a_model_that_reasons_longer_than_a_first_token_may_take_is_waited_for() -> None:
    habit = ChatHabit(thinks_ms=2_000, thinks_anyway=True)
    patience = Patience(first_token_s=0.5, token_s=1.0, stall_s=0.5)
    async with (
        hosted(habit, rules=PLAIN) as sandbox,
        model_at(sandbox.http_url, "local") as model,
    ):
        router = Router([model], patience, OwnBoard(), lambda _: None)
        assert (await said_by(router)).words == ANSWER
    assert len(asked(sandbox)) == 1


async def test_a_model_is_asked_not_to_reason() -> None:
    body = {"chat_template_kwargs": {"enable_thinking": False}}
    signs: list[Sign] = []
    async with (
        hosted(ChatHabit(thinks_ms=300), rules=PLAIN) as sandbox,
        model_at(sandbox.http_url, "local", extra_body=body) as model,
    ):
        assert (await said_by(model, on_sign=signs.append)).words == ANSWER
    assert Sign.THINKS not in signs


@pytest.mark.parametrize("lines", ["data:\n\n", "data: ping\n\n", "event: x\ndata: null\n\n"])
async def test_what_only_keeps_a_connection_alive_is_no_part_of_an_answer(lines: str) -> None:
    async with (
        hosted(ChatHabit(idle_lines=lines), rules=PLAIN) as sandbox,
        model_at(sandbox.http_url, "local") as model,
    ):
        assert (await said_by(model)).words == ANSWER


async def test_an_error_between_chunks_is_one() -> None:
    habit = ChatHabit(idle_lines='event: error\ndata: {"message": "overloaded"}\n\n')
    async with (
        hosted(habit, rules=PLAIN) as sandbox,
        model_at(sandbox.http_url, "local") as model,
    ):
        with pytest.raises(ProviderClosed):
            await said_by(model)


# B8, B9: a server of one's own


async def test_a_model_that_loads_is_not_asked_again_while_nobody_else_can_answer() -> None:
    patience = Patience(first_token_s=0.3, token_s=0.3, stall_s=0.3)
    async with (
        hosted(ChatHabit(load_ms=1_500), rules=PLAIN) as sandbox,
        model_at(sandbox.http_url, "local", load_s=30.0) as model,
    ):
        router = Router([model], patience, OwnBoard(), lambda _: None)
        assert (await said_by(router)).words == ANSWER
        requests = sandbox.requests.to("/chat/completions")
        assert [one.was_dropped for one in requests] == [False]


async def test_a_model_that_takes_long_to_load_is_loaded_before_it_is_asked() -> None:
    async with (
        hosted(ChatHabit(load_ms=300), rules=PLAIN) as sandbox,
        model_at(sandbox.http_url, "local", load_s=30.0) as model,
    ):
        async with asyncio.timeout(DEADLINE_S):
            await model.warm()
        assert sandbox.requests.to("/chat/completions")[0].body["max_tokens"] == 1
        assert (await said_by(model)).words == ANSWER


@pytest.mark.parametrize("named", ["", "qwen3:8b"])
async def test_a_server_of_ones_own_is_asked_for_the_model_that_it_has(named: str) -> None:
    async with (
        hosted(ChatHabit(serves="qwen3:8b"), rules=PLAIN) as sandbox,
        model_at(sandbox.http_url, "local", named=named, model="*") as model,
    ):
        assert (await said_by(model)).words == ANSWER
    assert asked(sandbox)[0]["model"] == "qwen3:8b"
    assert bool(sandbox.requests.to("/v1/models")) == (not named)


async def test_the_next_host_answers_where_a_call_cannot_be_read() -> None:
    broken = ScriptedCall("find_hours", '{"day":')
    rules = (ReplyRule("open", tool_calls=(broken,)),)
    habit = ChatHabit(upstream="openrouter", finish="length")
    async with hosted(habit, rules=rules) as sandbox, AsyncExitStack() as stack:
        first = await stack.enter_async_context(model_at(sandbox.http_url, "openrouter"))
        second = await stack.enter_async_context(model_at(sandbox.http_url, "clarifai"))
        router = Router([first, second], PATIENT, OwnBoard(), lambda _: None)
        async with asyncio.timeout(DEADLINE_S), router.reply(QUESTION, TOOLS) as items:
            found = [item async for item in items]
    assert [one.path.split("/")[2] for one in sandbox.requests.to("/chat/completions")] == [
        "openrouter",
        "clarifai",
    ]
    assert [item.arguments for item in found if isinstance(item, ToolCall)] == ['{"day":']
