"""How long a silence must last before the caller's turn is over: one pure decision.

    text so far                                       silence that ends the turn
    finished: a complete sentence                     min_delay  (people answer after 200 ms)
    maybe: complete words, but no full stop from a    85 % of the way
           recogniser that sets them
    ends open, or no text                             max_delay  (pauses inside are mostly shorter)

A recogniser that punctuates hears the melody of the sentence as well as its words: where it leaves
the full stop out, the sentence mostly goes on. One that never punctuates says nothing by that.
"""

from dataclasses import dataclass
from typing import Final

from pipeline.completeness import is_punctuated, looks_complete

SETTLE_AFTER_S: Final = 0.09
"""Silence after which the recogniser is asked for a final: long enough that plosives inside a
word do not ask (60 ms did, twice as often), short enough that its answer comes before the turn's
decision."""
MAYBE_SHARE: Final = 0.85
"""1.05 s by default: callers who go on after complete words pause for up to 0.9 s."""


@dataclass(frozen=True, slots=True)
class Endpointing:
    """The bounds of one session, in seconds. `early_answers`: how many answers a turn may start
    while the caller still sounds; all but the last are thrown away. A turn that sounds on for
    `max_turn_s` is over all the same."""

    min_delay_s: float = 0.2
    max_delay_s: float = 1.2
    early_answers: int = 3
    max_turn_s: float = 30.0

    def delay_s(self, text: str, *, punctuates: bool) -> float:
        """Silence to wait for after `text`. `punctuates`: the recogniser has set full stops."""
        if not looks_complete(text):
            return self.max_delay_s
        if is_punctuated(text) or not punctuates:
            return self.min_delay_s
        return self.min_delay_s + MAYBE_SHARE * (self.max_delay_s - self.min_delay_s)
