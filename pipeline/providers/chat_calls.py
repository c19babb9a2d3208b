"""Calls of tools as models write them down in their answers, read."""

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from pipeline.ports import Tool, ToolCall
from pipeline.providers.chat_call_forms import FORMS, known_name, unfenced

_LOOKS_LIKE_CALL: Final = re.compile(
    r"[\"'](?:name|function|tool_name|tool)[\"']\s*:.*?[\"'](?:arguments|parameters|args|input)[\"']"
    r"|[\"']tool_calls?[\"']\s*:|^\s*```tool_c",
    re.S,
)


def looks_like_call(text: str) -> bool:
    """Whether a text that cannot be read is a call all the same, not words."""
    return _LOOKS_LIKE_CALL.search(text) is not None


def read_calls(text: str, tools: Sequence[Tool], *, is_sure: bool) -> list[ToolCall]:
    """The calls that `text` consists of, none where it cannot be read. Where it is not `is_sure`
    that it is one, only calls of these tools count."""
    names = {tool.name for tool in tools}
    for read in FORMS:
        calls = [_call(*one, tools) for one in read(text, tools)]
        calls = [one for one in calls if one.name and (is_sure or one.name in names)]
        if calls:
            return calls
    return []


def _call(name: str, arguments: Any, call_id: str, tools: Sequence[Tool]) -> ToolCall:
    if isinstance(arguments, str):
        arguments = unfenced(arguments)
        with suppress(ValueError, RecursionError):
            found = json.loads(arguments)
            arguments = found if isinstance(found, str | dict) else arguments
    text = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    return ToolCall(call_id, known_name(name, tools), text or "{}")


def is_whole(call: ToolCall, tools: Sequence[Tool]) -> bool:
    """Whether a call that nothing closed lacks nothing."""
    schema = next((tool.parameters for tool in tools if tool.name == call.name), {})
    try:
        arguments = json.loads(call.arguments)
    except (ValueError, RecursionError):
        return False
    return isinstance(arguments, dict) and bool(arguments or not schema.get("required"))
