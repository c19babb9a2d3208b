"""Which words of a reply were heard: from how much of its sound was played.

The voice provider gives no timing of words. Its pauses tell where its punctuation is (see
`alignment`), and between them a word's share of the sound is its share of the characters that are
said, which lead back to those that were written. A piece whose sound is not whole yet is reckoned
by the voice's speaking rate so far.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.alignment import Pause, chars_at
from pipeline.spoken.reading import Reading

CHARS_PER_S: Final = 14.0
"""Speaking rate assumed before anything was spoken: Bulbul's English and Hindi at pace 1."""
HEARD_SHARE: Final = 0.5
"""Of a word's sound: from here on the word counts as heard."""


@dataclass(frozen=True, slots=True)
class SpokenPiece:
    """Text and its sound: `audio_s` seconds so far, all of it when `is_whole`, and the pauses in
    what is there. The voice may leave a text out: it is whole then and has no sound."""

    reading: Reading
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
        self._chars += len(piece.reading.sounded)
        self._audio_s += piece.audio_s

    def expected_s(self, piece: SpokenPiece) -> float:
        """How long the sound of `piece` will be; what has come already is the least."""
        if piece.is_whole:
            return piece.audio_s
        rate = self._chars / self._audio_s if self._audio_s else CHARS_PER_S
        return max(piece.audio_s, len(piece.reading.sounded) / rate)


def heard_text(pieces: Sequence[SpokenPiece], played_s: float, rate: SpeakingRate) -> str:
    """The words of `pieces`, in order, whose sound lies within the first `played_s` seconds."""
    heard, beginning, _ = _heard(pieces, played_s, rate)
    return " ".join(filter(None, [*heard, beginning]))


def divided_text(
    pieces: Sequence[SpokenPiece], played_s: float, rate: SpeakingRate
) -> tuple[str, str]:
    """Those words, and the words whose sound comes later. What is said in another way than it is
    written, a phone number for one, is not divided: it comes later as a whole."""
    heard, beginning, rest = _heard(pieces, played_s, rate)
    later = [reading.written for reading in rest]
    if rest:
        cut = rest[0].unit_start(len(beginning) + 1 if beginning else 0)
        beginning, later[0] = later[0][:cut].rstrip(), later[0][cut:]
    return " ".join(filter(None, [*heard, beginning])), " ".join(filter(None, later))


def _heard(
    pieces: Sequence[SpokenPiece], played_s: float, rate: SpeakingRate
) -> tuple[list[str], str, list[Reading]]:
    """What was heard whole, the beginning of the next piece, and all that was not heard whole."""
    heard: list[str] = []
    spoken = [piece for piece in pieces if piece.audio_s or not piece.is_whole]
    for number, piece in enumerate(spoken):
        duration_s = rate.expected_s(piece)
        if played_s < duration_s:
            beginning = _beginning(piece, duration_s, played_s)
            return heard, beginning, [one.reading for one in spoken[number:]]
        heard.append(piece.reading.written)
        played_s -= duration_s
    return heard, "", []


def _beginning(piece: SpokenPiece, duration_s: float, played_s: float) -> str:
    """Its words that were heard by then."""
    reading = piece.reading
    n_sounded = chars_at(reading.sounded, duration_s, piece.pauses, played_s)
    n_chars = reading.written_at(n_sounded)
    position = 0
    for word in reading.written.split():
        if position + HEARD_SHARE * len(word) > n_chars:
            break
        position += len(word) + 1
    return reading.written[: max(0, position - 1)]
