"""Chat answers by script: rules, echo or the next reply, at a steady rate of tokens."""

import re
import time
from collections.abc import AsyncGenerator

from sandbox.clock import Jitter, wait_until
from sandbox.ports import ChatRequest
from sandbox.script import ChatScript


class ScriptedTalker:
    """The replies' cycle is one for the whole sandbox, not one a conversation."""

    def __init__(self, script: ChatScript, seed: int) -> None:
        self._script = script
        self._jitter = Jitter(script.jitter_ms, seed + 2)
        self._next = 0

    async def reply(self, request: ChatRequest) -> AsyncGenerator[str]:
        asked_at_s = time.monotonic() + self._jitter.draw_s()
        first_s = asked_at_s + self._script.first_token_ms / 1000
        for index, token in enumerate(split_tokens(self._choose(request))):
            await wait_until(first_s + index / self._script.tokens_per_s)
            yield token

    def _choose(self, request: ChatRequest) -> str:
        said = last_user_text(request)
        for rule in self._script.rules:
            if re.search(rule.match, said, re.IGNORECASE):
                return rule.reply
        if self._script.echo or not self._script.replies:
            return said
        reply = self._script.replies[self._next % len(self._script.replies)]
        self._next += 1
        return reply


def last_user_text(request: ChatRequest) -> str:
    return next((m.text for m in reversed(request.messages) if m.role == "user"), "")


def split_tokens(text: str) -> list[str]:
    """Words with the space before them; joined again they are the text."""
    return re.findall(r"\s*\S+", text)
