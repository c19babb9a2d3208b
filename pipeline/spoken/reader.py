"""A text as it is recorded → how it is said in a language."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from pipeline.spoken import addresses, amounts, dates, dialled, formulas, signs
from pipeline.spoken.digits import ascii_digits
from pipeline.spoken.languages import DEFAULT, Language, language_of
from pipeline.spoken.markup import CELL
from pipeline.spoken.reading import Reading
from pipeline.spoken.rule import Place, Rule

RULES: Final[tuple[Rule, ...]] = (
    *addresses.RULES,
    *dates.RULES,
    *amounts.RULES,
    *dialled.RULES,
    *amounts.NUMBERS,
    *formulas.RULES,
    *signs.RULES,
)
"""In the order in which they may claim a stretch of text."""
_NOTABLE: Final = (
    re.compile(r"[^\sA-Za-z\u0900-\u0dff\u200c\u200d.,?!;:'\"…’‘“”()]|_"),
    re.compile(r"\.\w"),
    re.compile(r"[०-९০-৯੦-੯૦-૯୦-୯௦-௯౦-౯೦-೯൦-൯]"),
    re.compile(r"[:;]-?[)(DPp]"),
)
"""What any rule begins with: most texts hold nothing of it."""
_INDIC: Final = re.compile(r"[\u0900-\u0dff]")
_LATIN: Final = re.compile(r"[A-Za-z]")
_GAP: Final = re.compile(r"\s+")
_ENDED: Final = tuple(".!?।॥…,;:—-")
_KEPT_CHARS: Final = 80

Claim = tuple[int, int, str]


class Reader:
    """Reads one text in pieces: the words of the last piece tell what a number of the next is."""

    def __init__(self, language: str) -> None:
        self._language = language_of(language)
        self._before = ""

    def read(self, text: str) -> Reading:
        """Both readings of a piece; lines and cells that end in it end with a pause."""
        written, claims = _folded(text, self._language_in(text))
        before, self._before = self._before, f"{self._before} {written}"[-_KEPT_CHARS:]
        if not any(one.search(written) for one in _NOTABLE):
            return Reading.of(written, claims)
        place = Place(self._language_in(written), before)
        reading = Reading.of(written, sorted([*claims, *_claimed(ascii_digits(written), place)]))
        return replace(reading, spoken=ascii_digits(reading.spoken))

    def _language_in(self, text: str) -> Language:
        """English where a text has only Latin letters: an answer to who speaks only English."""
        is_english = _LATIN.search(text) and not _INDIC.search(text)
        return language_of(DEFAULT) if is_english else self._language


def read(text: str, language: str) -> Reading:
    """Both readings of a whole text."""
    return Reader(language).read(text)


def _folded(text: str, language: Language) -> tuple[str, list[Claim]]:
    """The text with single spaces, and the pauses that stand for ends of lines and cells."""
    if "\n" not in text and CELL not in text:
        return " ".join(text.split()), []
    words: list[str] = []
    claims: list[Claim] = []
    n_chars = 0
    ends_line = text.endswith("\n")
    text = text.strip()
    done = 0
    for gap in _GAP.finditer(text):
        word = text[done : gap.start()]
        words.append(word)
        n_chars += len(word)
        done = gap.end()
        if not word.endswith(_ENDED) and ("\n" in gap.group() or CELL in gap.group()):
            pause = f"{language.stop} " if "\n" in gap.group() else ", "
            claims.append((n_chars, n_chars + 1, pause))
        n_chars += 1
    words.append(text[done:])
    if ends_line and words[-1] and not words[-1].endswith(_ENDED):
        n_chars += len(words[-1])
        claims.append((n_chars, n_chars, language.stop))
    return " ".join(words), claims


def _claimed(text: str, place: Place) -> Iterable[Claim]:
    """What the rules say, each stretch once."""
    claims: list[Claim] = []
    taken = bytearray(len(text))
    for rule in RULES:
        for found in rule.pattern.finditer(text):
            start, end = found.span()
            if any(taken[start:end]) or (words := rule.say(found, place)) is None:
                continue
            claims.append((start, end, words))
            taken[start:end] = b"\1" * (end - start)
    return claims
