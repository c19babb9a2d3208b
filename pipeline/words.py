"""Transcripts as words: parts joined to one text, texts compared whatever form they have.

Recognisers write the same words in more than one: "two" in a partial, "2." in its final.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from pipeline.numerals import with_digits

_PUNCTUATION: Final = re.compile(r"[\s.,;:!?।॥…\"“”‘’()-]+")
_LETTER: Final = re.compile(r"\w")
_SENTENCE_END: Final = re.compile(r"[.?!…]+$")
_AMOUNT: Final = r"(\d[\d,]*(?:\.\d+)?)"
_REWRITTEN: Final = [
    (re.compile(pattern), written_out)
    for pattern, written_out in (
        (r"[’ʼ`]", "'"),
        (rf"(?:₹|\b(?:rs|inr)\b\.?) ?{_AMOUNT}", r"\1 rupees"),
        (rf"\$ ?{_AMOUNT}", r"\1 dollars"),
        (r"(?<=\d),(?=\d)", ""),
        (r"%|\bper cent\b", " percent"),
        (r"&", " and "),
        (r"@", " at "),
        (r"\bdot (?=com\b|in\b|org\b|net\b|co\b)", ""),
        (r"\b(?:can't|cannot|cant)\b", "can not"),
        (r"\bwon'?t\b", "will not"),
        (r"n't\b|(?<=\bdo)nt\b", " not"),
        (r"\b(it|that|what|where|who|how|there|here|he|she)'s\b", r"\1 is"),
        (r"\bits\b", "it is"),
        (r"'m\b|(?<=\bi)m\b", " am"),
        (r"'re\b", " are"),
        (r"'ve\b", " have"),
        (r"'ll\b", " will"),
        (r"'d\b", " would"),
        (r"'", ""),
        (r"\b(?:ok|okey)\b", "okay"),
        (r"\bo\.k\.", "okay"),
    )
]
"""One form for what is written in several, in order, on case-folded text."""
_FILLERS: Final = frozenset("um uh uhm umm er erm".split())
_SAME_SIGNS: Final = {
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u093c\u09bc\u0a3c\u0abc\u0b3c"), ""),
    **{ord(chandrabindu): anusvara for chandrabindu, anusvara in zip("ँঁઁଁ", "ंংંଂ", strict=True)},
}
"""Without joiners and nuktas; what nasalises a vowel is written either way."""
_NUMBER_EDGE: Final = re.compile(r"(?<=\d)(?=[^\d\s.])|(?<=[^\d\s.])(?=\d)")


def join_parts(parts: Sequence[str]) -> str:
    """Finals of one turn as one text. A flush inside a sentence makes the recogniser end it there;
    what goes on in lower case shows that it had not ended."""
    text = ""
    for part in parts:
        if text and part[:1].islower():
            text = _SENTENCE_END.sub("", text)
        text = f"{text} {part}" if text else part
    return text


def is_blank(text: str) -> bool:
    """Whether nothing in it can be seen: no more than white space and signs of no width."""
    return not any(sign.isprintable() and not sign.isspace() for sign in text)


def words_in(text: str) -> str:
    """`text` without white space around it, empty where it holds no word: recognisers make a full
    stop of noise."""
    return text.strip() if _LETTER.search(text) else ""


def same_words(one: str, other: str) -> bool:
    """Whether two transcripts differ in form at most: case, punctuation and spaces, digits or
    number words, contractions, "ok" and "okay", fillers."""
    return _folded(one) == _folded(other)


def words_beyond(text: str, start: str) -> str | None:
    """What `text` says after the words of `start`, "" for nothing more; None where it begins with
    other words."""
    words = text.split()
    for n_words in range(len(words), -1, -1):
        beyond = " ".join(words[n_words:])
        begins_so = same_words(" ".join(words[:n_words]), start)
        if begins_so and _folded(text) == _folded(start) + _folded(beyond):  # "twenty", "five"
            return beyond
    return None


def words_of(text: str) -> list[str]:
    """Its words as they are written, in one case and without punctuation."""
    return _PUNCTUATION.sub(" ", text.casefold()).split()


@lru_cache(256)
def _folded(text: str) -> str:
    """Equal for texts of the same words."""
    text = unicodedata.normalize("NFKC", text.casefold()).translate(_SAME_SIGNS)
    text = "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
    for pattern, written_out in _REWRITTEN:
        text = pattern.sub(written_out, text)
    tokens = _NUMBER_EDGE.sub(" ", "".join(_sounding(text))).split()
    return "".join(with_digits([one for one in tokens if one not in _FILLERS] or tokens))


def _sounding(text: str) -> Sequence[str]:
    """Letters, their marks and numbers; white space for the rest, but for a decimal point."""
    return [
        sign if unicodedata.category(sign)[0] in "LMN" or _is_point(text, at) else " "
        for at, sign in enumerate(text)
    ]


def _is_point(text: str, at: int) -> bool:
    return text[at] == "." and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()
