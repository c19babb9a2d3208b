"""Which words of a reply were heard: from how much of its sound was played.

The voice provider gives no timing of words, so a word's share of its piece's sound is its share
of the piece's characters. A piece whose sound is not whole yet is reckoned by the speaking rate
of those before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

CHARS_PER_S: Final = 14.0
"""Speaking rate assumed before a piece is whole: Bulbul's English and Hindi at pace 1."""
HEARD_SHARE: Final = 0.5
"""Of a word's sound: from here on the word counts as heard."""


@dataclass(frozen=True, slots=True)
class SpokenPiece:
    """Text and its sound: `audio_s` seconds so far, all of it when `is_whole`."""

    text: str
    audio_s: float
    is_whole: bool


def heard_text(pieces: Sequence[SpokenPiece], played_s: float) -> str:
    """The words of `pieces`, in order, whose sound lies within the first `played_s` seconds."""
    words: list[str] = []
    for piece in pieces:
        duration_s = piece.audio_s if piece.is_whole else _expected_s(piece, pieces)
        if played_s >= duration_s:
            words.append(piece.text)
            played_s -= duration_s
            continue
        words.append(_heard_part(piece.text, played_s / duration_s if duration_s else 0.0))
        break
    return " ".join(word for word in words if word)


def _expected_s(piece: SpokenPiece, pieces: Sequence[SpokenPiece]) -> float:
    whole = [one for one in pieces if one.is_whole and one.audio_s > 0]
    if whole:
        rate = sum(len(one.text) for one in whole) / sum(one.audio_s for one in whole)
    else:
        rate = CHARS_PER_S
    return max(piece.audio_s, len(piece.text) / rate)


def _heard_part(text: str, share: float) -> str:
    heard: list[str] = []
    position = 0
    for word in text.split():
        reached = (position + HEARD_SHARE * len(word)) / max(1, len(text))
        if reached > share:
            break
        heard.append(word)
        position += len(word) + 1
    return " ".join(heard)
