"""The chunks of a completion → what a reply is made of. Pure: no clock, no socket, no client.

choices[0].delta ─┬─ content ──▶ words, calls and thoughts in it
                  ├─ tool_calls ──▶ calls, given when all are whole
                  └─ reasoning… ──▶ a sign of life
finish_reason ──▶ the end: all that was kept is given
usage ──▶ kept, whichever chunk it comes with
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from pipeline.attempt import Sign
from pipeline.ports import Tool, ToolCall
from pipeline.providers.chat_deltas import CallDeltas
from pipeline.providers.chat_text import AnswerText, Piece
from pipeline.surrogates import parted

_THOUGHTS: Final = ("reasoning", "reasoning_content", "reasoning_details", "thinking", "thoughts")
_BROKEN: Final = re.compile(r"error|network|connection|overloaded|unavailable", re.IGNORECASE)
"""In the reason of an answer's end; OpenRouter keeps the host's own one apart."""
_CUT: Final = re.compile(r"length|max|limit", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a host says that an answer took; `usd` where it tells the price."""

    read: int
    written: int
    usd: Decimal | None = None


class ChatStream:
    """One answer: `read` each chunk, then `end`. Both return what is new.

    Afterwards `problem` tells why it is none that can be given, empty for a good one.
    """

    def __init__(self, tools: Sequence[Tool] = (), *, opens_in_thought: bool = False) -> None:
        self.tokens: Tokens | None = None
        self._text = AnswerText(tools, opens_in_thought=opens_in_thought)
        self._deltas = CallDeltas(tools)
        self._given: list[ToolCall] = []
        self._reason = ""
        self._is_broken = False
        self._half = ""

    @property
    def problem(self) -> str:
        """Why the answer is no answer."""
        if self._is_broken:
            return "an error told as the answer's end"
        has_lost = self._deltas.is_cut or (self._text.is_unread and not self._given)
        return "a call that cannot be read" if has_lost else ""

    @property
    def thought_aloud(self) -> bool:
        """Whether the answer began in a thought that nothing marked as one."""
        return self._text.thought_aloud

    def read(self, chunk: Any) -> list[Piece]:
        """What a chunk adds; hosts leave out whatever they like of it."""
        self.tokens = _tokens(getattr(chunk, "usage", None)) or self.tokens
        pieces: list[Piece] = []
        self._is_broken |= getattr(chunk, "object", None) == "error"
        for choice in getattr(chunk, "choices", None) or ():
            pieces += self._read(choice)
        return pieces

    def end(self) -> list[Piece]:
        """The stream is over, whether or not it said so."""
        return self._settled()

    def _read(self, choice: Any) -> list[Piece]:
        self.tokens = _tokens(getattr(choice, "usage", None)) or self.tokens
        self._is_broken |= bool(getattr(choice, "error", None))
        pieces = self._of_delta(getattr(choice, "delta", None))
        if reason := getattr(choice, "finish_reason", None):
            native = getattr(choice, "native_finish_reason", None)
            self._reason = str(reason)
            self._is_broken |= _BROKEN.search(f"{reason} {native}") is not None
            pieces += [*self._settled(), Sign.ENDS]
        return pieces

    def _of_delta(self, delta: Any) -> list[Piece]:
        if delta is None:
            return []
        pieces: list[Piece] = []
        if any(getattr(delta, name, None) for name in _THOUGHTS):
            pieces.append(Sign.THINKS)
        words, thinks = _content(getattr(delta, "content", None))
        pieces += [Sign.THINKS] * thinks
        if words := self._joined(words or getattr(delta, "refusal", None) or ""):
            pieces += self._noted(self._text.push(words))
        calls = getattr(delta, "tool_calls", None) or ()
        old_call = getattr(delta, "function_call", None)
        if calls or old_call:
            self._deltas.take([*calls, *([old_call] if old_call else [])])
            pieces.append(Sign.CALLS)
        return pieces

    def _joined(self, words: str) -> str:
        """Hosts that count in UTF-16 cut within a character: its half waits for the other."""
        words, self._half = parted(self._half + words)
        return words

    def _settled(self) -> list[Piece]:
        pieces = self._noted(self._text.settle(is_calling=bool(self._deltas)))
        is_clean = bool(self._reason) and not _CUT.search(self._reason)
        calls = self._deltas.settle(is_clean=is_clean)
        pieces += self._noted([one for one in calls if not self._was_given(one)])
        return pieces

    def _noted(self, pieces: Sequence[Piece]) -> list[Piece]:
        self._given += (one for one in pieces if isinstance(one, ToolCall))
        return list(pieces)

    def _was_given(self, call: ToolCall) -> bool:
        """Whether the text held the same call: some hosts read it and leave it there as well."""
        return any(one.name == call.name and _meaning(one) == _meaning(call) for one in self._given)


def _meaning(call: ToolCall) -> Any:
    try:
        return json.loads(call.arguments)
    except (ValueError, RecursionError):
        return call.arguments


def _content(content: Any) -> tuple[str, bool]:
    """The words of it, and whether it is a thought: text, or a list of parts."""
    if isinstance(content, str):
        return content, False
    parts = [one for one in content if isinstance(one, dict)] if isinstance(content, list) else []
    words = (one.get("text") for one in parts if one.get("type") == "text")
    return "".join(map(str, filter(None, words))), any(one.get("type") != "text" for one in parts)


def _tokens(usage: Any) -> Tokens | None:
    if isinstance(usage, dict):
        read, written, cost = map(usage.get, ("prompt_tokens", "completion_tokens", "cost"))
    else:
        names = ("prompt_tokens", "completion_tokens", "cost")
        read, written, cost = (getattr(usage, name, None) for name in names)
    if not isinstance(read, int) or not isinstance(written, int):
        return None
    return Tokens(read, written, _usd(cost))


def _usd(cost: Any) -> Decimal | None:
    if isinstance(cost, bool) or not isinstance(cost, int | float | str):
        return None
    try:
        usd = Decimal(str(cost))
    except InvalidOperation:
        return None
    return usd if usd.is_finite() and usd >= 0 else None
