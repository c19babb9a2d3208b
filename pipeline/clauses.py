"""A stream of tokens → pieces that the voice can speak, the first one as early as possible.

    "Sure. We have a table for ..."                 a sentence, however short: flushed
    "Sure, one moment. Your table for four ..."     punctuation after 12 characters: flushed
    "We are open from nine to six on every ..."     none in 30: handed over without a flush

The voice starts on what is flushed at once, and by itself on 30 characters. A short sentence is
over before the voice would have the next whole one, so what follows it is cut like a first clause.
Later pieces are sentences of 30 characters or more, so that the voice keeps its melody. Each piece
is read as it is cut: what is said of it, and what is recorded.
"""

import re
from dataclasses import dataclass
from typing import Final

from pipeline.spoken.markup import Markup
from pipeline.spoken.reader import Reader
from pipeline.spoken.reading import Reading

OPENING_CHARS: Final = 3
"""With its full stop."""
FIRST_PIECE_CHARS: Final = 12
PIECE_CHARS: Final = 30
"""The least buffer that the voice provider starts on by itself."""
LONGEST_PIECE_CHARS: Final = 240
"""Well under the provider's 500 advised a message; a model that never punctuates is cut here."""

_BREAK: Final = re.compile(r"[.!?।॥…,;:—](?=\s|$)|\n")
_SENTENCE_BREAK: Final = re.compile(r"[.!?।॥…](?=\s|$)|\n")
_SPACE: Final = re.compile(r" +")
_DIGIT: Final = re.compile(r"\d")
_WORD: Final = re.compile(r"\w")
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|No|Rs|Prof|Shri|Smt|vs|etc|e\.g|i\.e)|\b[A-Z])\.$"
)
_NUMBER_ENDS: Final = re.compile(r"[\d₹$)+#*=%/–—&<>≤≥≈±×÷^@-] ?$|\bRs\.? $|[Xx•]{2} $")
_NUMBER_BEGINS: Final = re.compile(r"[\d₹$(+#*=%/–—&<>≤≥≈±×÷^@-]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text to speak; `is_flushed` asks the voice to start on it at once."""

    reading: Reading
    is_flushed: bool


class Clauses:
    """Feed it tokens; speak the pieces that it returns, and those of `end` last. Text that
    `is_plain` holds no markup: our own lines, and what is recorded already."""

    def __init__(self, language: str, *, is_plain: bool = False) -> None:
        self._is_plain = is_plain
        self._markup = Markup()
        self._reader = Reader(language)
        self._waiting = ""
        self._is_first = self._is_opening = True

    def push(self, token: str) -> list[Piece]:
        """Take the next token."""
        self._waiting += token if self._is_plain else self._markup.push(token)
        pieces = []
        while (cut := self._cut()) is not None:
            text, self._waiting = self._waiting[:cut], self._waiting[cut:]
            if reading := self._read(text):
                is_clause = _BREAK.search(text.rstrip(" "), len(text.rstrip(" ")) - 1) is not None
                pieces.append(Piece(reading, is_flushed=self._is_first and is_clause))
                self._is_first = self._is_opening and len(text) < FIRST_PIECE_CHARS
                self._is_opening = False
        return pieces

    def end(self) -> list[Piece]:
        """The model is done: the rest, always flushed."""
        text, self._waiting = self._waiting + self._markup.end(), ""
        rest: list[str] = []
        while len(text) > LONGEST_PIECE_CHARS:
            cut = _cut_anywhere(text)
            rest, text = [*rest, text[:cut]], text[cut:]
        readings = [reading for one in (*rest, text) if (reading := self._read(one))]
        return [Piece(one, is_flushed=one is readings[-1]) for one in readings]

    def _read(self, text: str) -> Reading | None:
        """None where nothing in it is said."""
        reading = self._reader.read(text)
        return reading if _WORD.search(reading.spoken) else None

    def _cut(self) -> int | None:
        shortest = FIRST_PIECE_CHARS if self._is_first else PIECE_CHARS
        breaks = _BREAK if self._is_first else _SENTENCE_BREAK
        for found in breaks.finditer(self._waiting):
            end = found.end()
            at_edge = end == len(self._waiting) and found.group() != "\n"
            is_range = found.group() == "—" and self._is_in_number(end)
            is_short = end < shortest and not self._is_opening_sentence(end)
            if is_short or at_edge or is_range:
                continue
            if not _ABBREVIATION.search(self._waiting, max(0, end - 8), end):
                return end
        if self._is_first:
            for space in _SPACE.finditer(self._waiting, PIECE_CHARS):
                if not self._is_in_number(space.end()):
                    return space.end()
        return _cut_anywhere(self._waiting) if len(self._waiting) > LONGEST_PIECE_CHARS else None

    def _is_opening_sentence(self, end: int) -> bool:
        """Whether the text begins with a sentence up to there, which is no number in a list."""
        opening = self._waiting[:end].strip()
        is_sentence = _SENTENCE_BREAK.search(opening, len(opening) - 1) is not None
        has_length = len(opening) >= OPENING_CHARS and not _DIGIT.search(opening)
        return self._is_opening and is_sentence and has_length

    def _is_in_number(self, at: int) -> bool:
        """Whether a number, or what belongs to one, would be cut there."""
        following = self._waiting[at : at + 1] or self._markup.next_sign
        before = self._waiting[max(0, at - 5) : at]
        return bool(_NUMBER_ENDS.search(before) or _NUMBER_BEGINS.match(following))


def _cut_anywhere(text: str) -> int:
    """Between two words, if there are any."""
    return text.rfind(" ", 0, LONGEST_PIECE_CHARS) + 1 or LONGEST_PIECE_CHARS
