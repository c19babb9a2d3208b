"""A document in passages: short enough to give a model several beside a question."""

import re
from collections.abc import Iterator
from typing import Final

PASSAGE_BYTES: Final = 900
"""A passage's length in UTF-8, about 300 tokens at most."""

_BLANK_LINES: Final = re.compile(r"\n\s*\n")
# A sentence ends in English, Hindi and Urdu marks.
_AFTER_SENTENCE: Final = re.compile(r"(?<=[.!?।॥؟])\s+|\n")


def passages_of(content: str) -> list[str]:
    """The passages of a document, in order: paragraphs, split between sentences where long."""
    return [
        passage
        for paragraph in _BLANK_LINES.split(content)
        for passage in _joined(_sentences(paragraph))
    ]


def _sentences(paragraph: str) -> Iterator[str]:
    for sentence in _AFTER_SENTENCE.split(paragraph):
        yield from _cut(sentence.strip())


def _cut(text: str) -> Iterator[str]:
    """`text` in pieces that fit, cut between words where there are any."""
    while len(text.encode()) > PASSAGE_BYTES:
        head = text.encode()[:PASSAGE_BYTES].decode("utf-8", "ignore")
        words, space, _ = head.rpartition(" ")
        piece = words if space and words else head
        yield piece
        text = text[len(piece) :].lstrip()
    if text:
        yield text


def _joined(sentences: Iterator[str]) -> Iterator[str]:
    """Neighbours together as long as they fit."""
    passage = ""
    for sentence in sentences:
        longer = f"{passage} {sentence}" if passage else sentence
        if len(longer.encode()) > PASSAGE_BYTES:
            yield passage
            longer = sentence
        passage = longer
    if passage:
        yield passage
