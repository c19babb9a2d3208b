"""One text in its two readings: as it is written, and as it is said, each place of one known in
the other.

    written   Call     98765      43210       by 22:15
              │        │          │           │  │
    spoken    Call     9 8 7 6 5, 4 3 2 1 0   by 10:15 PM

What is said in another way than it is written is a unit: it is begun anew rather than gone on with
in its midst, where its parts are no longer what they were together.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

DIGIT_CHARS: Final = 4
"""A digit sounds as long as so many letters: "seven", "fifty thousand"."""
_DIGIT: Final = re.compile(r"\d")
_MARKS: Final = tuple(",.;:!?।")


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of the written text and how it is said, both from one place to another."""

    written_from: int
    written_to: int
    spoken_from: int
    spoken_to: int

    def moved(self, written: int, spoken: int) -> "Unit":
        """The same stretch of a text that others come before."""
        return Unit(
            self.written_from + written,
            self.written_to + written,
            self.spoken_from + spoken,
            self.spoken_to + spoken,
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """Both readings; between its units they are the same, sign by sign."""

    written: str = ""
    spoken: str = ""
    units: tuple[Unit, ...] = ()

    @classmethod
    def verbatim(cls, text: str) -> Self:
        """Said as it is written."""
        return cls(text, text)

    @classmethod
    def of(cls, written: str, said: Sequence[tuple[int, int, str]]) -> Self:
        """Stretches of `written`, in order, are said in other words, the rest as it is."""
        spoken, units, done = "", [], 0
        for start, end, words in said:
            spoken = _joined(spoken, written[done:start])
            begins = len(spoken)
            spoken = _joined(spoken, words)
            units.append(Unit(start, end, min(begins, len(spoken)), len(spoken)))
            done = end
        spoken = _joined(spoken, written[done:])
        return cls(written, spoken.rstrip(), tuple(units))

    def then(self, following: "Reading") -> "Reading":
        """Both, a space between them."""
        if not self.written:
            return following
        written, spoken = len(self.written) + 1, len(self.spoken) + 1
        moved = (unit.moved(written, spoken) for unit in following.units)
        return Reading(
            f"{self.written} {following.written}",
            f"{self.spoken} {following.spoken}",
            (*self.units, *moved),
        )

    @property
    def sounded(self) -> str:
        """As long as it sounds, all signs taking equally long."""
        return sounded(self.spoken)

    def written_at(self, n_sounded: float) -> float:
        """How much of the written text those first signs of `sounded` are."""
        spoken_at = _unsounded(self.spoken, n_sounded)
        written_at = spoken_from = 0.0
        for unit in self.units:
            if spoken_at < unit.spoken_from:
                break
            written_at, spoken_from = float(unit.written_to), float(unit.spoken_to)
            if spoken_at < unit.spoken_to:
                share = (spoken_at - unit.spoken_from) / (unit.spoken_to - unit.spoken_from)
                return unit.written_from + share * (unit.written_to - unit.written_from)
        return min(written_at + spoken_at - spoken_from, float(len(self.written)))

    def unit_start(self, n_written: int) -> int:
        """Where the unit begins that this place of the written text is within, else the place."""
        later = bisect_right(self.units, n_written, key=lambda unit: unit.written_from)
        unit = self.units[later - 1] if later else None
        is_within = unit is not None and n_written < unit.written_to
        return unit.written_from if unit is not None and is_within else n_written


def sounded(text: str) -> str:
    """A spoken text with every digit as long as it sounds."""
    return _DIGIT.sub("0" * DIGIT_CHARS, text)


def _unsounded(spoken: str, n_sounded: float) -> float:
    """How many of the signs of `spoken` sound as the first so many of its `sounded` text."""
    done, sounds = 0, 0.0
    for digit in _DIGIT.finditer(spoken):
        reached = sounds + digit.start() - done
        if n_sounded <= reached + DIGIT_CHARS:
            break
        sounds, done = reached + DIGIT_CHARS, digit.end()
    else:
        return min(done + n_sounded - sounds, float(len(spoken)))
    reached = sounds + digit.start() - done
    if n_sounded <= reached:
        return done + n_sounded - sounds
    return digit.start() + (n_sounded - reached) / DIGIT_CHARS


def _joined(text: str, more: str) -> str:
    """One after the other, never two spaces, no space and no second mark before a mark."""
    if not text.strip():
        return "" if more.strip() in _MARKS else more.lstrip()
    if more.startswith(_MARKS):
        text = text.rstrip()
        return text + (more[1:] if text.endswith(_MARKS) else more)
    return text + (more.lstrip() if text.endswith(" ") else more)
