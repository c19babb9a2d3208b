"""Clauses that a voice has by heart: made once, and given again to other replies.

Answers open alike ("Sure.", "Let me check."), and greetings and wait lines are the same each time.
"""

from dataclasses import dataclass
from typing import Final, Protocol

from pipeline.audio import AGENT_BYTES_PER_S

LONGEST_CLAUSE_CHARS: Final = 60
LONGEST_SOUND_BYTES: Final = 6 * AGENT_BYTES_PER_S
SHORTEST_SOUND_BYTES: Final = AGENT_BYTES_PER_S // 10
"""Less is no clause that was spoken."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A text between two flushes, spoken in a `manner`."""

    manner: str
    text: str

    @property
    def may_recur(self) -> bool:
        """Whether it is worth a place: short, and without digits, which belong to one caller."""
        is_short = 0 < len(self.text) <= LONGEST_CLAUSE_CHARS
        return is_short and not any(character.isdigit() for character in self.text)


class Repertoire(Protocol):
    """The sound of clauses, of all voices. Nothing here raises, or waits to speak of."""

    async def sound_of(self, clause: Clause) -> bytes | None:
        """All of its sound, None where it is not known."""
        ...

    async def hear(self, clause: Clause, pcm: bytes, *, is_sure: bool = False) -> None:
        """It was spoken and has this sound; it may be kept. `is_sure`: it will recur."""


def is_whole_sound(pcm: bytes) -> bool:
    """Whether a clause may sound like this."""
    return SHORTEST_SOUND_BYTES <= len(pcm) <= LONGEST_SOUND_BYTES and not len(pcm) % 2
