"""How long a silence must last before the caller's turn is over: one pure decision.

text so far               silence that ends the turn
looks complete            min_delay   (people answer each other after 200 ms)
ends open, or no text     max_delay   (pauses inside a sentence are mostly shorter)
"""

from dataclasses import dataclass
from typing import Final

from pipeline.completeness import looks_complete

SETTLE_AFTER_S: Final = 0.09
"""Silence after which the recogniser is asked for a final: long enough that plosives inside a
word do not ask (60 ms did, twice as often), short enough that its answer comes before the turn's
decision."""


@dataclass(frozen=True, slots=True)
class Endpointing:
    """The bounds of one session, in seconds."""

    min_delay_s: float = 0.2
    max_delay_s: float = 0.8

    def delay_s(self, text: str) -> float:
        """Silence to wait for after `text`."""
        return self.min_delay_s if looks_complete(text) else self.max_delay_s
