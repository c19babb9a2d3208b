"""Which words of a reply were heard: from how much of its sound was played.

The voice provider gives no timing of words. Its pauses tell where its punctuation is (see
`alignment`), and between them a word's share of the sound is its share of the characters. A piece
whose sound is not whole yet is reckoned by the voice's speaking rate so far.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.alignment import Pause, chars_at

CHARS_PER_S: Final = 14.0
"""Speaking rate assumed before anything was spoken: Bulbul's English and Hindi at pace 1."""
HEARD_SHARE: Final = 0.5
"""Of a word's sound: from here on the word counts as heard."""


@dataclass(frozen=True, slots=True)
class SpokenPiece:
    """Text and its sound: `audio_s` seconds so far, all of it when `is_whole`, and the pauses in
    what is there. The voice may leave a text out: it is whole then and has no sound."""

    text: str
    audio_s: float
    is_whole: bool
    pauses: Sequence[Pause] = ()


class SpeakingRate:
    """How fast a session's voice speaks, learnt from all that it has spoken."""

    def __init__(self) -> None:
        self._chars = 0
        self._audio_s = 0.0

    def learn(self, piece: SpokenPiece) -> None:
        """Take in a whole piece; one that was left out tells nothing."""
        if not piece.audio_s:
            return
        self._chars += len(piece.text)
        self._audio_s += piece.audio_s

    def expected_s(self, piece: SpokenPiece) -> float:
        """How long the sound of `piece` will be; what has come already is the least."""
        if piece.is_whole:
            return piece.audio_s
        rate = self._chars / self._audio_s if self._audio_s else CHARS_PER_S
        return max(piece.audio_s, len(piece.text) / rate)


def heard_text(pieces: Sequence[SpokenPiece], played_s: float, rate: SpeakingRate) -> str:
    """The words of `pieces`, in order, whose sound lies within the first `played_s` seconds."""
    return divided_text(pieces, played_s, rate)[0]


def divided_text(
    pieces: Sequence[SpokenPiece], played_s: float, rate: SpeakingRate
) -> tuple[str, str]:
    """Those words, and the words whose sound comes later."""
    heard: list[str] = []
    rest: list[str] = []
    for piece in pieces:
        if piece.is_whole and not piece.audio_s:
            continue
        duration_s = rate.expected_s(piece)
        if rest or played_s < duration_s:
            words = piece.text.split()
            n_heard = 0 if rest else _n_heard(piece, duration_s, played_s)
            heard += words[:n_heard]
            rest += words[n_heard:]
            played_s = 0.0
            continue
        heard.append(piece.text)
        played_s -= duration_s
    return " ".join(heard), " ".join(rest)


def _n_heard(piece: SpokenPiece, duration_s: float, played_s: float) -> int:
    n_chars = chars_at(piece.text, duration_s, piece.pauses, played_s)
    position = 0
    words = piece.text.split()
    for n_heard, word in enumerate(words):
        if position + HEARD_SHARE * len(word) > n_chars:
            return n_heard
        position += len(word) + 1
    return len(words)
