"""The text of one reply that is not answered yet, and its sound on the way to the listener.

A line is the text up to one flush. Its sound comes much faster than it is played, and goes on only
when it is needed, until the flush is answered: what was not given can be cut at the end of a word.

    line     We have three rooms for you, sir. The first …
    sound    ▆▇▁▆▇▅▁▆▇▆▁▆▇▅▁▆▇▁▆▇▅▁▁▁▆▇▁▅▆          ✂ the socket is gone
             └ given ──────┘└ kept ──────┘           cut after "sir.", the rest is said again
                    ^ played
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from pipeline.audio import AGENT_BYTES_PER_S, agent_seconds
from pipeline.word_ends import Pace, find_cut

LEAD_S: Final = 0.25
"""Sound that is given before it is needed: the playout takes 0.2 s at once."""
STEP_S: Final = 0.05
BREAK: Final = bytes(AGENT_BYTES_PER_S // 25)
"""40 ms after a word that broke off: what comes then does not belong to it."""


@dataclass(slots=True)
class Line:
    """Pieces of text, and what has come of their sound."""

    pieces: list[str] = field(default_factory=list)
    is_flushed: bool = False
    pcm: bytearray = field(default_factory=bytearray)
    n_given: int = 0


class Lines:
    """Pure: times are arguments. The listener's clock runs from the first sound that was given."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._lines: deque[Line] = deque()
        self._runs_out_at = 0.0

    def __iter__(self) -> Iterator[Line]:
        return iter(self._lines)

    def __bool__(self) -> bool:
        return bool(self._lines)

    @property
    def is_owed(self) -> bool:
        """Whether the answer to a flush is awaited."""
        return any(line.is_flushed for line in self._lines)

    @property
    def has_begun(self) -> bool:
        """Whether sound of the first line has come."""
        return bool(self._lines and self._lines[0].pcm)

    @property
    def due_at(self) -> float | None:
        """When more sound has to be given, None where there is none."""
        if not self._lines or self._lines[0].n_given == len(self._lines[0].pcm):
            return None
        return self._runs_out_at - LEAD_S + STEP_S

    def say(self, piece: str) -> None:
        """More text of the last line, or of a new one."""
        if not self._lines or self._lines[-1].is_flushed:
            self._lines.append(Line())
        self._lines[-1].pieces.append(piece)

    def flush(self) -> None:
        """The end of a line."""
        if not self._lines or self._lines[-1].is_flushed:
            self._lines.append(Line())
        self._lines[-1].is_flushed = True

    def take(self, pcm: bytes) -> None:
        """Sound of the first line. What nobody has asked for is dropped."""
        if self._lines:
            self._lines[0].pcm += pcm

    def give(self, at: float) -> bytes:
        """What the listener needs by now."""
        if not self._lines:
            return b""
        ahead_s = max(0.0, self._runs_out_at - at)
        return self._given(int(max(0.0, LEAD_S - ahead_s) * AGENT_BYTES_PER_S / 2) * 2, at)

    def answer(self, at: float) -> bytes | None:
        """The first line was answered: the rest of its sound, None where none awaits an answer."""
        if not self._lines or not self._lines[0].is_flushed:
            return None
        line = self._lines[0]
        rest = self._given(len(line.pcm), at)
        self._lines.popleft()
        self._pace.learn(" ".join(line.pieces), bytes(line.pcm))
        return rest

    def cut(self, at: float) -> bytes:
        """No more comes of the first line as it was asked for: what can still be given of its sound
        ends with a word, and its text begins with the next."""
        if not self._lines:
            return b""
        line = self._lines[0]
        words = " ".join(line.pieces).split()
        cut = find_cut(words, bytes(line.pcm), line.n_given, self._pace)
        rest = self._given(cut.n_bytes - line.n_given, at)
        if cut.is_within_word:
            rest += BREAK
        line.pieces = _without(line.pieces, cut.n_words)
        line.pcm, line.n_given = bytearray(), 0
        return rest

    def end_said(self) -> bool:
        """Whether the cut left nothing of a line but its answer, which is taken as given."""
        is_said = bool(self._lines) and self._lines[0].is_flushed and not self._lines[0].pieces
        if is_said:
            self._lines.popleft()
        return is_said

    def _given(self, n_bytes: int, at: float) -> bytes:
        line = self._lines[0]
        part = bytes(line.pcm[line.n_given : line.n_given + n_bytes])
        line.n_given += len(part)
        self._runs_out_at = max(self._runs_out_at, at) + agent_seconds(len(part))
        return part


def _without(pieces: list[str], n_words: int) -> list[str]:
    """The pieces but for their first words."""
    left: list[str] = []
    for piece in pieces:
        words = piece.split()
        if rest := words[n_words:]:
            left.append(f"{' '.join(rest)} ")
        n_words = max(0, n_words - len(words))
    return left
