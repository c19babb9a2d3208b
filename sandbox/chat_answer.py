"""The bodies of a chat completion, whole and in chunks."""

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

from sandbox.chat_habit import ChatHabit
from sandbox.chat_habits import id_of, index_of
from sandbox.chat_request import ChatCall
from sandbox.ports import Thought, ToolCall

_ARGUMENT_CHARS = 7
"""Of a call's arguments in one chunk: they come in pieces that mean nothing by themselves."""


class Answer:
    """Writes one completion's JSON; counts its tokens (words) for the usage."""

    def __init__(self, call: ChatCall, habit: ChatHabit) -> None:
        self.habit = habit
        self._call = call
        self._created = int(time.time())
        self._is_openrouter = call.request.upstream == "openrouter"
        self.id = f"{'gen' if self._is_openrouter else 'chatcmpl'}-{uuid.uuid4().hex}"
        self.tokens = 0
        self.n_thoughts = 0
        self.n_calls = 0
        self._has_begun = False
        self._thinks_in = "reasoning" if self._is_openrouter else "reasoning_content"

    def chunks(self, token: str | ToolCall | Thought) -> Iterator[bytes]:
        """The chunks of a token or a call; the role goes before the first."""
        yield from self._role()
        if isinstance(token, Thought):
            yield self._event({self._thinks_in: self.think(token)}, None)
            return
        if isinstance(token, str):
            self.tokens += 1
            yield self._event({"content": token}, None)
            return
        index, call = index_of(self.habit, self.n_calls), self.call(token)
        arguments = call["function"]["arguments"]
        head = {**call, "function": {**call["function"], "arguments": ""}}
        yield self._event({"tool_calls": [{**index, **head}]}, None)
        for at in range(0, len(arguments), _ARGUMENT_CHARS):
            piece = {"arguments": arguments[at : at + _ARGUMENT_CHARS]}
            yield self._event({"tool_calls": [{**index, "function": piece}]}, None)

    def _role(self) -> Iterator[bytes]:
        if not self._has_begun:
            self._has_begun = True
            yield self._event({"role": "assistant", "content": ""}, None)

    def think(self, thought: Thought) -> str:
        self.tokens += 1
        self.n_thoughts += 1
        return thought.text

    def call(self, call: ToolCall) -> dict[str, Any]:
        """The call as a message holds it."""
        is_kimi = self._call.request.upstream == "moonshot"
        own = f"functions.{call.name}:{self.n_calls}" if is_kimi else f"call_{uuid.uuid4().hex}"
        call_id = id_of(self.habit, own, self.n_calls)
        self.n_calls += 1
        self.tokens += 1 + len(call.arguments.split())
        function = {"name": call.name, "arguments": call.arguments}
        return {**call_id, "type": "function", "function": function}

    def end(self, finish_reason: str | None) -> bytes:
        data = b"".join(self._role()) + self._event({}, finish_reason)
        if self._call.sends_usage:
            data += _sse({**self._frame("chat.completion.chunk"), "choices": [], **self._usage()})
        return data + b"data: [DONE]\n\n"

    def error(self, code: str, message: str) -> bytes:
        """The mid-stream form: a top-level error beside a choice that ended in error."""
        frame = self._frame("chat.completion.chunk")
        choice = {"index": 0, "delta": {"content": ""}, "finish_reason": "error"}
        error = {"code": code or "server_error", "message": message}
        return _sse({**frame, "error": error, "choices": [choice]})

    def dressed_error(self) -> bytes:
        """An error that says it is an answer's end; what it was is told beside it."""
        data = b"".join(self._role()) + self._event({}, "stop", "network_error")
        return data + b"data: [DONE]\n\n"

    def whole(
        self, text: str, calls: list[dict[str, Any]], finish_reason: str | None
    ) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": text or None if calls else text}
        if calls:
            message["tool_calls"] = calls
        choice = {"index": 0, "message": message, "finish_reason": finish_reason}
        return {**self._frame("chat.completion"), "choices": [choice], **self._usage()}

    def _event(
        self, delta: dict[str, Any], finish_reason: str | None, native: str | None = None
    ) -> bytes:
        choice: dict[str, Any] = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        if self._is_openrouter:
            choice["native_finish_reason"] = native or finish_reason
        return _sse({**self._frame("chat.completion.chunk"), "choices": [choice]})

    def _frame(self, kind: str) -> dict[str, Any]:
        frame: dict[str, Any] = {
            "id": self.id,
            "object": kind,
            "created": self._created,
            "model": self._call.request.model,
        }
        if self._is_openrouter:
            frame["provider"] = "sandbox"
        return frame

    def _usage(self) -> dict[str, Any]:
        prompt = sum(len(message.text.split()) for message in self._call.request.messages)
        usage: dict[str, Any] = {
            "prompt_tokens": prompt,
            "completion_tokens": self.tokens,
            "total_tokens": prompt + self.tokens,
            "completion_tokens_details": {"reasoning_tokens": self.n_thoughts},
            "prompt_tokens_details": {"cached_tokens": 0},
        }
        if self._is_openrouter:
            usage["cost"] = self.habit.micro_usd / 1_000_000
        return {"usage": usage}


def _sse(data: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n"
