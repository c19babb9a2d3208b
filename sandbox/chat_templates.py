"""Calls as open models' templates write them, for hosts that do not read them."""

import json
from collections.abc import Callable, Sequence

from sandbox.ports import ToolCall


def _kimi(calls: Sequence[ToolCall]) -> str:
    written = "".join(
        f"<|tool_call_begin|>functions.{call.name}:{index}<|tool_call_argument_begin|>"
        f"{call.arguments}<|tool_call_end|>"
        for index, call in enumerate(calls)
    )
    return f"<|tool_calls_section_begin|>{written}<|tool_calls_section_end|>"


def _named(call: ToolCall, key: str) -> str:
    return f'{{"name": "{call.name}", "{key}": {call.arguments}}}'


def _hermes(calls: Sequence[ToolCall]) -> str:
    written = (_named(call, "arguments") for call in calls)
    return "\n".join(f"<tool_call>\n{one}\n</tool_call>" for one in written)


def _pairs(call: ToolCall) -> list[tuple[str, str]]:
    values = json.loads(call.arguments)
    return [
        (key, value if isinstance(value, str) else json.dumps(value))
        for key, value in values.items()
    ]


def _qwen_coder(calls: Sequence[ToolCall]) -> str:
    return "\n".join(
        f"<tool_call>\n<function={call.name}>\n"
        + "".join(f"<parameter={key}>\n{value}\n</parameter>\n" for key, value in _pairs(call))
        + "</function>\n</tool_call>"
        for call in calls
    )


def _glm(calls: Sequence[ToolCall]) -> str:
    return "\n".join(
        f"<tool_call>{call.name}\n"
        + "".join(
            f"<arg_key>{key}</arg_key>\n<arg_value>{value}</arg_value>\n"
            for key, value in _pairs(call)
        )
        + "</tool_call>"
        for call in calls
    )


def _llama_bare(calls: Sequence[ToolCall]) -> str:
    return "; ".join(_named(call, "parameters") for call in calls)


def _llama(calls: Sequence[ToolCall]) -> str:
    return f"<|python_tag|>{_llama_bare(calls)}"


def _mistral(calls: Sequence[ToolCall]) -> str:
    return f"[TOOL_CALLS][{', '.join(_named(call, 'arguments') for call in calls)}]"


def _deepseek(calls: Sequence[ToolCall]) -> str:
    written = "".join(
        f"<｜tool▁call▁begin｜>function<｜tool▁sep｜>{call.name}\n```json\n{call.arguments}\n```"
        "<｜tool▁call▁end｜>"
        for call in calls
    )
    return f"<｜tool▁calls▁begin｜>{written}<｜tool▁calls▁end｜>"


def _gemma(calls: Sequence[ToolCall]) -> str:
    written = (
        f"{call.name}({', '.join(f'{k}={v!r}' for k, v in json.loads(call.arguments).items())})"
        for call in calls
    )
    return "```tool_code\n" + "\n".join(written) + "\n```"


def _gpt_oss(calls: Sequence[ToolCall]) -> str:
    thought = "<|channel|>analysis<|message|>They want something done.<|end|>"
    return thought + "".join(
        f"<|start|>assistant<|channel|>commentary to=functions.{call.name} <|constrain|>json"
        f"<|message|>{call.arguments}<|call|>"
        for call in calls
    )


_WRITERS: dict[str, Callable[[Sequence[ToolCall]], str]] = {
    "kimi": _kimi,
    "hermes": _hermes,
    "qwen_coder": _qwen_coder,
    "glm": _glm,
    "llama": _llama,
    "llama_bare": _llama_bare,
    "mistral": _mistral,
    "deepseek": _deepseek,
    "gemma": _gemma,
    "gpt_oss": _gpt_oss,
}


def written(template: str, calls: Sequence[ToolCall]) -> str:
    """The calls in the text of an answer."""
    return _WRITERS[template](calls)
