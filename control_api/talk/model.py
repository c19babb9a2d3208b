"""The language model as one talk uses it: one streamed answer, and what is odd about it."""

import json
import re
import time
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp

from control_api.health.checks.finding import CheckFailed
from core.catalog import HOSTS_OWN, Model, Route
from core.setting_groups import LlmSettings, UpstreamSettings

PROMPT: Final = "You are heard, not read. Answer in one short sentence of plain words."
GREETING: Final = "Hello, how can I help you?"
TOOL: Final = {
    "type": "function",
    "function": {
        "name": "end_call",
        "description": "Hang up. Only after the caller has said goodbye.",
        "parameters": {"type": "object", "properties": {}},
    },
}
QUIRKS: Final = {
    "tools": "it takes no tools",
    "assistant": "it takes no answer before a question",
}
KNOWN: Final = {"no_tools": "tools", "alternates": "assistant", "no_system": "system"}
"""What the catalog says already is left out from the beginning."""
VARIANTS: Final = ((), ("tools",), ("assistant",), ("tools", "assistant"))
"""What is left out of a request that is refused, until one is not."""
CLAUSE: Final = re.compile(r"[.!?,;:।]\s|[.!?।]$")
MAX_CHARS: Final = 4_000
MARKS: Final = {
    "<think>": "it thinks aloud (<think>)",
    "</think>": "it thinks aloud (</think>)",
    "<|tool_call": "it writes tool calls as text",
    "<tool_call": "it writes tool calls as text",
    "[TOOL_CALLS]": "it writes tool calls as text",
    "**": "it writes markup",
}


@dataclass(slots=True)
class Answered:
    """`first_token_ms` and `first_clause_ms`: from the request on."""

    text: str = ""
    first_token_ms: int | None = None
    first_clause_ms: int | None = None
    quirks: list[str] = field(default_factory=list)


def host_of(settings: LlmSettings, chosen: Model | None) -> tuple[Route, UpstreamSettings]:
    """Of the model's hosts the first that has a key of its own, else the first stand-in.

    Raises `CheckFailed` where none has a key.
    """
    routes = [
        (route, upstream)
        for route in (chosen.routes if chosen else ())
        if (upstream := settings.upstream(route.upstream)) is not None
    ]
    if not routes:
        raise CheckFailed("no host of the model has a key: set LLM_<HOST>_API_KEY")
    return min(routes, key=lambda one: one[1].is_stand_in)


async def ask(
    http: aiohttp.ClientSession,
    route: Route,
    upstream: UpstreamSettings,
    text: str,
    prompt: str = PROMPT,
) -> Answered:
    """One answer, with a tool to be left alone.

    Raises `CheckFailed`, or what `aiohttp` raises.
    """
    named = route.model_copy(update={"model": await _name_of(http, route, upstream)})
    known = {part for quirk, part in KNOWN.items() if quirk in route.quirks}
    for without in VARIANTS:
        answered = Answered(quirks=[QUIRKS[part] for part in without if part not in known])
        body = _body(named, prompt, text, known.union(without))
        if await _answer(http, upstream, body, answered):
            break
    else:
        raise CheckFailed("the model refuses the request: see what its host says of it")
    answered.quirks += sorted({said for mark, said in MARKS.items() if mark in answered.text})
    if not answered.text.strip():
        answered.quirks.append("its answer is empty")
    return answered


async def _name_of(http: aiohttp.ClientSession, route: Route, upstream: UpstreamSettings) -> str:
    """Its own name for the model, asked of it where nobody says."""
    if route.model != HOSTS_OWN or upstream.model:
        return upstream.model if route.model == HOSTS_OWN else route.model
    url = f"{upstream.url.rstrip('/')}/models"
    async with http.get(url, headers=upstream.headers, allow_redirects=False) as answer:
        listed = (await answer.json())["data"] if answer.status == 200 else []
    if len(listed) != 1:
        raise CheckFailed(f"the host lists {len(listed)} models: set LLM_LOCAL_MODEL")
    return str(listed[0]["id"])


def _body(route: Route, prompt: str, text: str, without: Collection[str]) -> dict[str, Any]:
    said = [("system", prompt), ("assistant", GREETING), ("user", text)]
    body = {
        "model": route.model,
        "stream": True,
        "messages": [
            {"role": role, "content": words} for role, words in said if role not in without
        ],
        "tools": [TOOL],
        **route.extra_body,
    }
    return {name: value for name, value in body.items() if name not in without}


async def _answer(
    http: aiohttp.ClientSession, upstream: UpstreamSettings, body: dict[str, Any], into: Answered
) -> bool:
    """False when the host takes the request for a bad one."""
    url = f"{upstream.url.rstrip('/')}/chat/completions"
    asked_at = time.monotonic()
    async with http.post(url, json=body, headers=upstream.headers, allow_redirects=False) as answer:
        if answer.status in (400, 422):
            return False
        if answer.status != 200:
            raise CheckFailed(f"the model's host answered HTTP {answer.status}: check its key")
        has_reasoned = is_finished = False
        async for choice in _choices(answer):
            took_ms = round(1000 * (time.monotonic() - asked_at))
            delta = choice.get("delta") or {}
            has_reasoned |= bool(delta.get("reasoning_content") or delta.get("reasoning"))
            is_finished |= bool(choice.get("finish_reason"))
            if content := delta.get("content"):
                if into.first_token_ms is None:
                    into.first_token_ms = took_ms
                into.text += content
                if into.first_clause_ms is None and CLAUSE.search(into.text):
                    into.first_clause_ms = took_ms
            if delta.get("tool_calls"):
                into.quirks.append("it calls tools that nobody asked for")
            if len(into.text) > MAX_CHARS:
                into.quirks.append("its answer has no end")
                break
        if into.first_clause_ms is None:
            into.first_clause_ms = round(1000 * (time.monotonic() - asked_at))
        if has_reasoned:
            into.quirks.append("it reasons before it answers")
        if not is_finished:
            into.quirks.append("it does not say that its answer is over")
    return True


async def _choices(answer: aiohttp.ClientResponse) -> AsyncIterator[dict[str, Any]]:
    async for line in answer.content:
        data = line.decode(errors="replace").strip().removeprefix("data:").strip()
        if not data.startswith("{"):
            continue
        for choice in json.loads(data).get("choices") or ():
            yield choice
