"""A host's own way with a request and with its answer."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from sandbox.backstage import Backstage
from sandbox.chat_habit import PROPER, ChatHabit
from sandbox.chat_templates import written
from sandbox.chat_upstreams import Upstream
from sandbox.ports import Thought, ToolCall

Token = str | ToolCall | Thought

_THOUGHT = ("The", " user", " asks", " something", ",", " so", " I", " should", " answer", ".")
_THOUGHT_EVERY_MS = 50
_PIECE = 5
"""Characters of a call that is written as text in one token: no mark comes whole."""


def find_habit(backstage: Backstage, upstream: Upstream) -> ChatHabit:
    habits = backstage.script.chat.habits
    return next((one for one in habits if one.upstream in ("", upstream.name)), PROPER)


def check_habit(habit: ChatHabit, upstream: Upstream, body: Mapping[str, Any]) -> None:
    """Raises Refusal, in the words of the hosts that do it."""
    model = body.get("model")
    if habit.serves and model != habit.serves:
        raise upstream.refuse(404, f'model "{model}" not found, try pulling it first')
    if body.get("tools") and habit.tools == "refused":
        raise upstream.refuse(400, f"registry.ollama.ai/library/{model} does not support tools")
    if body.get("tools") and habit.tools == "unfit":
        raise upstream.refuse(400, "Bad Request")
    roles = [message["role"] for message in body["messages"]]
    if not habit.system and "system" in roles:
        raise upstream.refuse(400, "System role not supported")
    if habit.alternate:
        sides = roles[1:] if roles[0] == "system" else roles
        if sides != (["user", "assistant"] * len(sides))[: len(sides)] or sides[-1] != "user":
            raise upstream.refuse(
                400, "Conversation roles must alternate user/assistant/user/assistant/..."
            )


async def load(backstage: Backstage, habit: ChatHabit) -> None:
    """Wait for the model; who leaves while it loads has loaded nothing."""
    if not habit.load_ms:
        return
    async with backstage.loading:
        if habit not in backstage.loaded:
            await asyncio.sleep(habit.load_ms / 1000)
            backstage.loaded.add(habit)


async def in_own_way(
    habit: ChatHabit, body: Mapping[str, Any], tokens: AsyncGenerator[Token]
) -> AsyncGenerator[Token]:
    """The tokens of an answer as the host sends them."""
    if habit.thinks_ms and (habit.thinks_anyway or not _is_asked_not_to(body)):
        async for token in _thoughts(habit):
            yield token
    calls: list[ToolCall] = []
    async with aclosing(tokens):
        async for token in tokens:
            if habit.template and isinstance(token, ToolCall):
                calls.append(token)
            else:
                yield token
    text = written(habit.template, calls) if calls else ""
    for at in range(0, len(text), _PIECE):
        yield text[at : at + _PIECE]


async def _thoughts(habit: ChatHabit) -> AsyncGenerator[Token]:
    in_field = habit.thinks_in == "field"
    for piece in ("<th", "ink>") if habit.thinks_in == "tags" else ():
        yield piece
    for index in range(max(1, habit.thinks_ms // _THOUGHT_EVERY_MS)):
        await asyncio.sleep(_THOUGHT_EVERY_MS / 1000)
        text = _THOUGHT[index % len(_THOUGHT)]
        yield Thought(text) if in_field else text
    for piece in () if in_field else ("</", "think", ">"):
        yield piece


def _is_asked_not_to(body: Mapping[str, Any]) -> bool:
    template = body.get("chat_template_kwargs") or {}
    switches: Sequence[bool] = (
        (body.get("reasoning") or {}).get("enabled") is False,
        (body.get("thinking") or {}).get("type") == "disabled",
        body.get("reasoning_effort") == "none",
        template.get("enable_thinking") is False,
    )
    return any(switches)


def id_of(habit: ChatHabit, own: str, index: int) -> dict[str, str]:
    """A call's id, as far as it has one."""
    match habit.ids:
        case "empty":
            return {"id": ""}
        case "none":
            return {}
        case "anew":
            return {"id": f"call_{index}"}
    return {"id": own}


def index_of(habit: ChatHabit, index: int) -> dict[str, int]:
    """A call's index, as far as it has one."""
    return {"own": {"index": index}, "one": {"index": 0}, "none": {}}[habit.indexes]
