"""A stream of tokens → pieces that the voice can speak, the first one as early as possible.

    "Sure, one moment. Your table for four ..."     punctuation after 12 characters: flushed
    "We are open from nine to six on every ..."     none in 30: handed over without a flush

The voice starts on what is flushed at once, and by itself on 30 characters. Later pieces are
sentences of 30 characters or more, so that the voice keeps its melody. What is written for eyes
(markdown, emoji) is taken out.
"""

import re
from dataclasses import dataclass
from typing import Final

FIRST_PIECE_CHARS: Final = 12
PIECE_CHARS: Final = 30
"""The least buffer that the voice provider starts on by itself."""
LONGEST_PIECE_CHARS: Final = 240
"""Well under the provider's 500 advised a message; a model that never punctuates is cut here."""

_BREAK: Final = re.compile(r"[.!?।॥…,;:—](?=\s|$)|\n")
_SENTENCE_BREAK: Final = re.compile(r"[.!?।॥…](?=\s|$)|\n")
_MARKUP: Final = re.compile(
    r"(?<!\d)[*_`#|~]+|[*_`#|~]+(?!\d)|^\s*[-•]\s+|\[(?=[^\]]*\]\()|\]\([^)]*\)", re.MULTILINE
)
"""Not between digits: 5*3 is not 53."""
_PICTURES: Final = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf][\ufe0f\u200d\u20e3]*|[\ufe0f\u20e3]"
)
"""The joiner U+200D only beside a picture: Indic letters need theirs."""
_WORD: Final = re.compile(r"\w")
_ABBREVIATION: Final = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|No|Rs|vs|etc|e\.g|i\.e)|\b[A-Z])\.$")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text to speak; `is_flushed` asks the voice to start on it at once."""

    text: str
    is_flushed: bool


class Clauses:
    """Feed it tokens; speak the pieces that it returns, and those of `end` last."""

    def __init__(self) -> None:
        self._waiting = ""
        self._is_first = True

    def push(self, token: str) -> list[Piece]:
        """Take the next token."""
        self._waiting += token
        pieces = []
        while (cut := self._cut()) is not None:
            text, self._waiting = self._waiting[:cut], self._waiting[cut:]
            if spoken := speakable(text):
                is_clause = _BREAK.search(spoken, len(spoken) - 1) is not None
                pieces.append(Piece(spoken, is_flushed=self._is_first and is_clause))
                self._is_first = False
        return pieces

    def end(self) -> list[Piece]:
        """The model is done: the rest, always flushed."""
        text, self._waiting = speakable(self._waiting), ""
        return [Piece(text, is_flushed=True)] if text else []

    def _cut(self) -> int | None:
        shortest = FIRST_PIECE_CHARS if self._is_first else PIECE_CHARS
        breaks = _BREAK if self._is_first else _SENTENCE_BREAK
        for found in breaks.finditer(self._waiting):
            end = found.end()
            at_edge = end == len(self._waiting) and found.group() != "\n"
            if end >= shortest and not at_edge and not _ABBREVIATION.search(self._waiting[:end]):
                return end
        if self._is_first and (space := self._waiting.find(" ", PIECE_CHARS)) > 0:
            return space + 1
        if len(self._waiting) > LONGEST_PIECE_CHARS:
            return self._waiting.rfind(" ", 0, LONGEST_PIECE_CHARS) + 1 or LONGEST_PIECE_CHARS
        return None


def speakable(text: str) -> str:
    """`text` without what is only for eyes, white space folded; empty if no word is left."""
    spoken = " ".join(_PICTURES.sub("", _MARKUP.sub("", text)).split())
    return spoken if _WORD.search(spoken) else ""
