"""A chat completion's body, checked as its upstream checks it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.chat_upstreams import Upstream
from sandbox.ports import ChatMessage, ChatRequest

_V2_FIELDS = frozenset(
    "model messages stream stream_options temperature top_p top_k min_p max_tokens stop n seed "
    "frequency_penalty presence_penalty repetition_penalty tools tool_choice parallel_tool_calls "
    "response_format reasoning_effort wiki_grounding".split()
)
_ROLES = ("system", "developer", "user", "assistant", "tool")
_KIMI_FIXED = {"top_p": 0.95, "n": 1, "presence_penalty": 0, "frequency_penalty": 0}


@dataclass(frozen=True)
class ChatCall:
    """What to answer, and in which form."""

    request: ChatRequest
    is_stream: bool
    sends_usage: bool
    max_tokens: int | None


def parse_call(body: object, upstream: Upstream) -> ChatCall:
    """Raises Refusal in the upstream's own form."""
    if not isinstance(body, Mapping):
        raise upstream.refuse(400, "The body must be a JSON object")
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise upstream.refuse(400, "model is required")
    upstream.check_model(model)
    _check_fields(body, upstream)
    options = body.get("stream_options") or {}
    return ChatCall(
        request=ChatRequest(
            upstream.name,
            model,
            _read_messages(body, upstream),
            may_call=bool(body.get("tools")) and body.get("tool_choice") != "none",
        ),
        is_stream=bool(body.get("stream")),
        sends_usage=upstream.always_sends_usage or bool(options.get("include_usage")),
        max_tokens=body.get("max_tokens") or body.get("max_completion_tokens"),
    )


def _check_fields(body: Mapping[str, Any], upstream: Upstream) -> None:
    unknown = sorted(set(body) - _V2_FIELDS)
    if upstream.refuses_unknown_fields and unknown:
        raise upstream.refuse(400, f"Unknown field: {unknown[0]}")
    temperature = body.get("temperature")
    if temperature is not None and not 0 <= temperature <= 2:
        raise upstream.refuse(400, "temperature must be between 0 and 2")
    if upstream.name == "moonshot":
        _check_kimi(body, upstream)


def _check_kimi(body: Mapping[str, Any], upstream: Upstream) -> None:
    """Sampling values are fixed: temperature 1 with thinking, 0.6 without."""
    is_thinking = (body.get("thinking") or {}).get("type") != "disabled"
    fixed = {**_KIMI_FIXED, "temperature": 1 if is_thinking else 0.6}
    for name, value in fixed.items():
        if body.get(name) is not None and body[name] != value:
            raise upstream.refuse(400, f"invalid {name}: only {value} is allowed for this model")


def _read_messages(body: Mapping[str, Any], upstream: Upstream) -> tuple[ChatMessage, ...]:
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise upstream.refuse(400, "messages must be a non-empty list")
    read = tuple(_read_message(message, upstream) for message in messages)
    if any(message.role == "tool" for message in read) and not body.get("tools"):
        raise upstream.refuse(400, "tool messages need tools")
    _check_answered(messages, upstream)
    return read


def _check_answered(messages: list[Any], upstream: Upstream) -> None:
    """Every call is followed by its result, and every result follows its call."""
    open_calls: set[str] = set()
    for message in messages:
        if message["role"] == "tool":
            if message.get("tool_call_id") not in open_calls:
                raise upstream.refuse(400, "a tool message answers no call before it")
            open_calls.remove(message["tool_call_id"])
        elif open_calls:
            break
        else:
            open_calls = {call.get("id") for call in message.get("tool_calls") or ()}
    if open_calls:
        raise upstream.refuse(400, "an assistant message's tool_calls lack their tool messages")


def _read_message(message: object, upstream: Upstream) -> ChatMessage:
    if not isinstance(message, Mapping) or message.get("role") not in _ROLES:
        raise upstream.refuse(400, f"each message needs a role of {', '.join(_ROLES)}")
    return ChatMessage(message["role"], _read_text(message.get("content")))


def _read_text(content: object) -> str:
    """Plain text, or the text parts of a list of parts."""
    if isinstance(content, list):
        parts = (part.get("text", "") for part in content if isinstance(part, Mapping))
        return " ".join(str(part) for part in parts if part)
    return content if isinstance(content, str) else ""
