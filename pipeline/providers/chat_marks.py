"""Where marks stand in a text, wholly or begun, and where a passage with brackets ends."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pipeline.ports import Tool
from pipeline.providers.chat_markup import STRAY, THOUGHT_ENDS, Kind, Passage, passages

_SPECIAL: Final = r"<[|｜][^<>|｜\s]{0,40}[|｜]>"
"""A token of some template: nobody says one."""
_SPECIAL_BEGUN: Final = re.compile(r"<(?:[|｜][^<>|｜\s]{0,40}[|｜]?)?$")
_BEFORE_BRACKETS: Final = re.compile(
    r"[\d:]*(?:\s*<\|constrain\|>)?\s*(?:json)?\s*(?:<\|message\|>)?\s*"
)
_OBJECT: Final = re.compile(r"\{\s*(\S)")
OPENING: Final = "({["
CLOSING: Final = ")}]"


@dataclass(frozen=True, slots=True)
class Marks:
    """All that may begin or end something in a text. `line` is what stands before the text."""

    passages: dict[str, Passage]
    pattern: re.Pattern[str]
    begun: frozenset[str]
    longest: int

    def first(self, text: str, line: str) -> re.Match[str] | None:
        """The first mark."""
        for found in self.pattern.finditer(text):
            passage = self.passages.get(found.group())
            if passage is None or _may_open(passage, line + text[: found.start()]):
                return found
        return None

    def begun_at(self, text: str, line: str) -> int:
        """Where a mark may have begun that has not wholly come, else the text's end."""
        special = _SPECIAL_BEGUN.search(text)
        begun_at = special.start() if special else len(text)
        for at in range(max(0, len(text) - self.longest), begun_at):
            if text[at:] in self.begun and not (text[at].isalnum() and _in_word(line + text[:at])):
                return at
        return begun_at


def marks_of(tools: Sequence[Tool]) -> Marks:
    """The marks for a model that is offered these tools."""
    return _marks(tuple(tool.name for tool in tools))


@lru_cache(maxsize=64)
def _marks(tool_names: tuple[str, ...]) -> Marks:
    known = {passage.opens: passage for passage in passages(tool_names)}
    marks = sorted((*known, *THOUGHT_ENDS, *STRAY), key=len, reverse=True)
    return Marks(
        known,
        re.compile("|".join([*map(re.escape, marks), _SPECIAL])),
        frozenset(mark[:end] for mark in marks for end in range(1, len(mark))),
        max(map(len, marks)),
    )


def _may_open(passage: Passage, before: str) -> bool:
    if passage.at_start:
        return not before.rpartition("\n")[2].strip()
    return not (passage.at_edge and _in_word(before))


def _in_word(before: str) -> bool:
    return bool(before) and (before[-1].isalnum() or before[-1] in "_.")


class Brackets:
    """Where a passage that ends with its last bracket ends, in a text that grows: what has been
    read is not read again. What may stand before the brackets is short. A brace that begins no
    object is but a sign."""

    def __init__(self, passage: Passage) -> None:
        opens = passage.opens
        self._may_be_a_sign = passage.kind is Kind.DOUBTFUL
        self._at = len(opens) if passage.is_whole else 0
        self._depth = sum(map(opens.count, OPENING)) - sum(map(opens.count, CLOSING))
        self._is_quoted = False

    def end(self, text: str) -> int | None:
        """Where it ends in `text`, which begins with what was given before; None: not yet."""
        if self._may_be_a_sign and (begins := _OBJECT.match(text)):
            self._may_be_a_sign = False
            if begins[1] not in "\"'}":
                return 1
        if not self._depth:
            before = _BEFORE_BRACKETS.match(text, self._at)
            at = before.end() if before else self._at
            if at == len(text):
                return None
            if text[at] not in OPENING:
                return at
            self._at = at
        while self._at < len(text):
            if self._closes(text[self._at]):
                return self._at
        return None

    def _closes(self, character: str) -> bool:
        """Go behind it, or behind what it escapes; whether it is the last bracket."""
        self._at += 2 if character == "\\" else 1
        if character == '"':
            self._is_quoted = not self._is_quoted
        elif not self._is_quoted:
            self._depth += (character in OPENING) - (character in CLOSING)
            return self._depth <= 0
        return False
