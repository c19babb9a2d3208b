"""Stars, underscores and tildes: marks of emphasis, or signs that are meant.

    **bold** _it_ ~~no~~   mark      first_last  C#  5 * 3  5*3  *99#  ****1234   meant

Inside a word nothing begins; what has begun may end there.
"""

import html
import re
import unicodedata
from typing import Final

_RUN: Final = re.compile(r"(?<!\\)(?:\*+|_+|~~+)")
_LONGEST: Final = 3
_DIALLED: Final = re.compile(r"\*\d+(?:\*\d+)*#")
_ESCAPED: Final = re.compile(r"\\([\\*_~#\[\]()<>|.!+`{}-])")


class Emphasis:
    """What is open in a line."""

    def __init__(self) -> None:
        self._open: list[str] = []

    def without(self, word: str, following: str) -> str:
        """The word without its marks, and what was escaped as it is meant; `following` comes after
        it."""
        if _RUN.search(word):
            told, done = [], 0
            for run in _RUN.finditer(word):
                told.append(word[done : run.start()])
                done = run.end()
                if not self._is_mark(word, run, following):
                    told.append(run.group())
            word = "".join([*told, word[done:]])
        if "\\" in word:
            word = _ESCAPED.sub(r"\1", word)
        return html.unescape(word) if "&" in word else word

    def _is_mark(self, word: str, run: re.Match[str], following: str) -> bool:
        sign, size = run.group()[0], len(run.group())
        before = word[run.start() - 1] if run.start() else " "
        after = word[run.end()] if run.end() < len(word) else following
        if not before.isspace() and sign in self._open:
            is_end = not is_letter(after) or (is_letter(before) and sign != "_")
            if is_end:
                self._open.remove(sign)
            return is_end
        if before.isspace() and after.isspace():
            return 1 < size <= _LONGEST
        is_begun = not is_letter(before) and not after.isspace() and size <= _LONGEST
        if not is_begun or (sign == "*" and _DIALLED.match(word, run.start())):
            return False
        self._open.append(sign)
        return True


def is_letter(sign: str) -> bool:
    """A part of a word: vowel signs of Indic scripts are, too."""
    return sign.isalnum() or (sign != "" and unicodedata.category(sign)[0] == "M")
