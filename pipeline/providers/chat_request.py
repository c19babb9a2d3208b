"""A question as a host can take it: in the roles, and under the ids, that its model knows.

everywhere   system │ assistant (greeting) │ user │ user │ …
alternates   system │ user (a note) │ assistant (greeting) │ user, both in one │ …
no_tools     calls and results are told in words
"""

import json
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from typing import Any, Final

from core.catalog import Quirk, Route
from pipeline.attempt import Question
from pipeline.call_ids import in_form
from pipeline.ports import Message, Tool
from pipeline.surrogates import whole

_BEGUN: Final = "(The call begins.)"
_UNHEARD: Final = "(No answer was heard.)"
"""Between two messages of one side that cannot be made one. Nothing that a model may be asked to
answer with (see `core.unfinished`): it does as it seems to have done."""


def chat_body(name: str, question: Question, route: Route, quirks: Set[Quirk]) -> dict[str, Any]:
    """The request, as the client takes it, for the model of that name."""
    tools = [] if "no_tools" in quirks else [_tool(one) for one in question.tools]
    messages = [_message(one) for one in _told(question.messages, route, quirks)]
    body: dict[str, Any] = {"model": name, "messages": messages, "stream": True}
    if tools:
        body["tools"] = tools
        if not question.may_call:
            body["tool_choice"] = "none"
    if "no_extras" not in quirks:
        body["stream_options"] = {"include_usage": True}
        body["extra_body"] = route.extra_body
    return body


def _told(messages: Sequence[Message], route: Route, quirks: Set[Quirk]) -> Iterable[Message]:
    told: Iterable[Message] = messages
    if "no_tools" in quirks:
        told = _in_words(told)
    elif route.call_ids:
        told = _under_own_ids(told, route.call_ids)
    if "no_system" in quirks:
        told = _without_system(told)
    return _alternating(told) if "alternates" in quirks else told


def _tool(tool: Tool) -> dict[str, Any]:
    function = {
        "name": tool.name,
        "description": tool.description,
        "parameters": dict(tool.parameters),
    }
    return {"type": "function", "function": function}


def _message(message: Message) -> dict[str, Any]:
    told: dict[str, Any] = {"role": message.role, "content": whole(message.text)}
    if message.role == "tool":
        told["tool_call_id"] = message.call_id
    if message.calls:
        told["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": whole(_arguments(call.arguments))},
            }
            for call in message.calls
        ]
    return told


def _arguments(text: str) -> str:
    """Hosts that read a call back refuse the whole history for what is no JSON object."""
    try:
        return text if isinstance(json.loads(text), dict) else "{}"
    except (ValueError, RecursionError):
        return "{}"


def _in_words(messages: Iterable[Message]) -> Iterator[Message]:
    names: dict[str, str] = {}
    for message in messages:
        names |= {call.id: call.name for call in message.calls}
        if message.role == "tool":
            name = names.get(message.call_id, "a tool")
            yield Message("user", f"({name} answered: {message.text})")
        elif message.text or not message.calls:
            yield replace(message, calls=())


def _under_own_ids(messages: Iterable[Message], form: str) -> Iterator[Message]:
    """Another host, or an earlier answer of this one, called by other ids."""
    own: dict[str, str] = {}
    for message in messages:
        for call in message.calls:
            own[call.id] = in_form(form, call.name, len(own))
        calls = tuple(replace(call, id=own[call.id]) for call in message.calls)
        yield replace(message, calls=calls, call_id=own.get(message.call_id, message.call_id))


def _without_system(messages: Iterable[Message]) -> Iterator[Message]:
    rules = ""
    for message in messages:
        if message.role == "system":
            rules += f"{message.text}\n\n"
        elif rules and message.role == "user":
            yield replace(message, text=rules + message.text)
            rules = ""
        elif rules:
            yield Message("user", f"{rules}{_BEGUN}")
            rules = ""
            yield message
        else:
            yield message


def _alternating(messages: Iterable[Message]) -> list[Message]:
    """The caller first, then by turns. A call and its results are on the assistant's side."""
    told: list[Message] = []
    for message in messages:
        before = told[-1] if told else None
        if before is None or before.role == "system":
            if message.role == "assistant":
                told.append(Message("user", _BEGUN))
        elif message.role == before.role and message.role != "tool":
            if not (message.calls or before.calls):
                told[-1] = replace(before, text=_joined(before.text, message.text))
                continue
        elif message.role == "user" and before.role == "tool":
            told.append(Message("assistant", _UNHEARD))
        told.append(message)
    return told


def _joined(one: str, other: str) -> str:
    return "\n".join(filter(None, (one, other)))
