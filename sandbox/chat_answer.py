"""The bodies of a chat completion, whole and in chunks."""

import json
import time
import uuid
from typing import Any

from sandbox.chat_request import ChatCall


class Answer:
    """Writes one completion's JSON; counts its tokens (words) for the usage."""

    def __init__(self, call: ChatCall) -> None:
        self._call = call
        self._created = int(time.time())
        self._is_openrouter = call.request.upstream == "openrouter"
        self.id = f"{'gen' if self._is_openrouter else 'chatcmpl'}-{uuid.uuid4().hex}"
        self.tokens = 0

    def token(self, text: str) -> bytes:
        """One content chunk; the role goes before the first."""
        self.tokens += 1
        head = b"" if self.tokens > 1 else self._event({"role": "assistant", "content": ""}, None)
        return head + self._event({"content": text}, None)

    def end(self, finish_reason: str) -> bytes:
        data = self._event({}, finish_reason)
        if self._call.sends_usage:
            data += _sse({**self._frame("chat.completion.chunk"), "choices": [], **self._usage()})
        return data + b"data: [DONE]\n\n"

    def error(self, code: str, message: str) -> bytes:
        """The mid-stream form: a top-level error beside a choice that ended in error."""
        frame = self._frame("chat.completion.chunk")
        choice = {"index": 0, "delta": {"content": ""}, "finish_reason": "error"}
        error = {"code": code or "server_error", "message": message}
        return _sse({**frame, "error": error, "choices": [choice]})

    def whole(self, text: str, finish_reason: str) -> dict[str, Any]:
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": finish_reason}
        return {**self._frame("chat.completion"), "choices": [choice], **self._usage()}

    def _event(self, delta: dict[str, Any], finish_reason: str | None) -> bytes:
        choice: dict[str, Any] = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        if self._is_openrouter:
            choice["native_finish_reason"] = finish_reason
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
            "completion_tokens_details": {"reasoning_tokens": 0},
            "prompt_tokens_details": {"cached_tokens": 0},
        }
        if self._is_openrouter:
            usage["cost"] = 0.0
        return {"usage": usage}


def _sse(data: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n"
