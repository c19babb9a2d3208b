"""Transcripts as words: parts joined to one text, texts compared."""

import re
from collections.abc import Sequence
from typing import Final

_PUNCTUATION: Final = re.compile(r"[\s.,;:!?।॥…\"“”‘’()-]+")
_SENTENCE_END: Final = re.compile(r"[.?!…]+$")


def join_parts(parts: Sequence[str]) -> str:
    """Finals of one turn as one text. A flush inside a sentence makes the recogniser end it there;
    what goes on in lower case shows that it had not ended."""
    text = ""
    for part in parts:
        if text and part[:1].islower():
            text = _SENTENCE_END.sub("", text)
        text = f"{text} {part}" if text else part
    return text


def same_words(one: str, other: str) -> bool:
    """Whether two transcripts differ in case and punctuation at most."""
    return words_of(one) == words_of(other)


def words_of(text: str) -> list[str]:
    """Its words, in one case and without punctuation."""
    return _PUNCTUATION.sub(" ", text.casefold()).split()
