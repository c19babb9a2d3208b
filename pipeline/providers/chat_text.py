"""The text of an answer → words to be said, calls, and thoughts that nobody hears.

    "Let me see. <tool_" │ "call>{"name": "find_hours", …" │ "}</tool_call>"
     words        kept until it is known what it is           a call

Where a chunk ends means nothing: the same text gives the same answer, however it is cut.
"""

import re
from collections.abc import Sequence
from typing import Final

from pipeline.attempt import Sign
from pipeline.ports import Tool, ToolCall, Withdrawn
from pipeline.providers.chat_call_forms import known_name
from pipeline.providers.chat_calls import is_whole, looks_like_call, read_calls
from pipeline.providers.chat_marks import Brackets, marks_of
from pipeline.providers.chat_markup import (
    HEADER_MARKS,
    MESSAGE_ENDS,
    THOUGHT_ENDS,
    Kind,
    Passage,
)
from pipeline.providers.chat_words import Words

_BETWEEN_CALLS: Final = re.compile(r"[\s;,]+")
_SEPARATORS: Final = re.compile(r"[;,]")

Piece = str | ToolCall | Withdrawn | Sign


class AnswerText:
    """Push what comes, `settle` at its end. Pure: what comes of it is what is returned.

    With `opens_in_thought` nothing is said before a thought has ended, or all has come.
    `is_unread` tells that a call could not be read.
    """

    def __init__(self, tools: Sequence[Tool], *, opens_in_thought: bool = False) -> None:
        self.is_unread = False
        self._tools = tools
        self._marks = marks_of(tools)
        self._words = Words(opens_in_thought=opens_in_thought)
        self._held = ""
        self._passage: Passage | None = None
        self._brackets: Brackets | None = None
        self._line = ""
        self._has_called = self._is_behind_call = False
        self._pieces: list[Piece] = []

    @property
    def thought_aloud(self) -> bool:
        """Whether a thought ended that had no beginning."""
        return self._words.thought_aloud

    def push(self, text: str) -> list[Piece]:
        """Take more of it."""
        self._held += text
        self._read(is_last=False)
        if self._passage is not None:
            is_call = self._passage.kind is Kind.CALLS
            self._pieces.append(Sign.CALLS if is_call else Sign.THINKS)
        elif self._words.muses:
            self._pieces.append(Sign.THINKS)
        return self._given()

    def settle(self, *, is_calling: bool = False) -> list[Piece]:
        """There is no more: what was kept is what it is so far. `is_calling`: beside the text."""
        self._read(is_last=True)
        if self._passage is not None:
            passage, body = self._passage, self._held
            self._passage, self._held = None, ""
            self._close(passage, body, is_cut=True)
        self._pieces += self._words.end(is_calling=is_calling or self._has_called)
        return self._given()

    def _given(self) -> list[Piece]:
        pieces, self._pieces = self._pieces, []
        return pieces

    def _read(self, *, is_last: bool) -> None:
        has_moved = True
        while self._held and has_moved:
            passage = self._passage
            has_moved = self._open_next(is_last) if passage is None else self._end(passage)

    def _open_next(self, is_last: bool) -> bool:
        """Say what comes before the next mark, and go behind it; False where there is none."""
        held = self._held
        found = self._marks.first(held, self._line)
        begun_at = len(held) if is_last else self._marks.begun_at(held, self._line)
        if found is None or begun_at <= found.start():
            self._held = held[begun_at:]
            self._say(held[:begun_at])
            return False
        mark = found.group()
        self._say(held[: found.start()])
        passage = self._passage = self._marks.passages.get(mark)
        self._brackets = Brackets(passage) if passage and passage.is_balanced else None
        is_kept = passage is not None and passage.is_whole
        self._held = held[found.start() if is_kept else found.end() :]
        if mark in THOUGHT_ENDS:
            self._pieces += self._words.end_thought()
            self._line = ""
        return True

    def _say(self, text: str) -> None:
        if self._is_behind_call:
            between = _BETWEEN_CALLS.match(text)
            text = _SEPARATORS.sub("", between.group()) + text[between.end() :] if between else text
            self._is_behind_call = not text.strip()
        self._line = (self._line + text).rpartition("\n")[2]
        self._pieces += self._words.say(text) if text else []

    def _end(self, passage: Passage) -> bool:
        """Close the passage where its end has come; False where it has not."""
        if self._brackets is not None:
            end = rest = self._brackets.end(self._held)
        else:
            end, rest = self._closing(passage)
        if end is None:
            return False
        body, self._held = self._held[:end], self._held[rest:]
        self._passage = self._brackets = None
        self._close(passage, body)
        return True

    def _closing(self, passage: Passage) -> tuple[int | None, int | None]:
        """Where the passage's text ends, and where the text behind it begins."""
        first = len(passage.opens) if passage.is_whole else 0
        ends = ((self._held.find(mark, first), mark) for mark in passage.closes)
        at, mark = min((end for end in ends if end[0] >= 0), default=(None, ""))
        if at is None:
            return None, None
        rest = at if mark in HEADER_MARKS else at + len(mark)
        return (at + len(mark) if passage.is_whole else at), rest

    def _close(self, passage: Passage, body: str, *, is_cut: bool = False) -> None:
        match passage.kind:
            case Kind.THOUGHT:
                self._pieces.append(Sign.THINKS)
            case Kind.HEADER:
                self._passage = None if is_cut else _message(body, self._tools)
            case Kind.CALLS:
                calls = _named(passage.name, body) if passage.name else []
                calls = calls or read_calls(body, self._tools, is_sure=True)
                whole = [call for call in calls if not is_cut or is_whole(call, self._tools)]
                self.is_unread |= not whole and bool(body.strip())
                self._call(whole)
            case Kind.DOUBTFUL:
                self._call_or_say(body, is_cut=is_cut)

    def _call_or_say(self, body: str, *, is_cut: bool) -> None:
        if calls := read_calls(body, self._tools, is_sure=False):
            self._call(calls)
        elif looks_like_call(body) or (is_cut and body.startswith('{"')):
            self.is_unread = True
        else:
            self._say(body)

    def _call(self, calls: list[ToolCall]) -> None:
        self._has_called |= bool(calls)
        self._is_behind_call |= bool(calls)
        self._pieces += [Sign.CALLS, *calls]


def _message(header: str, tools: Sequence[Tool]) -> Passage | None:
    """What follows a header: a call, a thought, or words, which are no passage."""
    if to := re.search(r"to=([\w.\-:]+)", header):
        return Passage("", MESSAGE_ENDS, name=known_name(to[1], tools))
    if re.search(r"\banalysis\b", header):
        return Passage("", MESSAGE_ENDS, Kind.THOUGHT)
    return None


def _named(name: str, body: str) -> list[ToolCall]:
    """A call whose name stood before it."""
    text = re.sub(r"^\s*(?:<\|[a-z]+\|>)?\s*(?:json)?\s*(?:<\|message\|>)?", "", body).strip()
    call = ToolCall("", name, text or "{}")
    return [call] if is_whole(call, ()) else []
