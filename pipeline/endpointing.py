"""How long a silence must last before the caller's turn is over: one pure decision.

    text so far                                       silence that ends the turn
    finished: a complete sentence with its full stop  min_delay  (people answer after 200 ms)
    maybe: complete words, no full stop
        from a recogniser that sets them              85 % of the way
        from one whose stops tell nothing             15 % where they ask or say yes, else 50 %
    ends open, or no text                             max_delay  (pauses inside are mostly shorter)

    a model that tells whether they are done, where no full stop tells more:
        unfinished, or it has not said yet            max_delay
        done: they ask or say yes                     min_delay
        done: words that end open now and then        as if complete

A recogniser that punctuates hears the melody of the sentence as well as its words: where it leaves
the full stop out, the sentence mostly goes on. One that never sets any, or one in every pause, says
nothing by that: then a question is most likely to be over. Whether who has told something is about
to tell more, a model knows no better than the words do.
"""

from dataclasses import dataclass
from typing import Final

from pipeline.asking import hands_over
from pipeline.completeness import breaks_off, is_punctuated, looks_complete
from pipeline.verdict import Verdict

SETTLE_AFTER_S: Final = 0.09
"""Silence after which the recogniser is asked for a final: long enough that plosives inside a
word do not ask (60 ms did, twice as often), short enough that its answer comes before the turn's
decision."""
MAYBE_SHARE: Final = 0.85
"""1.05 s by default: callers who go on after complete words pause for up to 0.9 s."""
ASKED_SHARE: Final = 0.15
TOLD_SHARE: Final = 0.5
"""0.35 and 0.7 s by default. Both shares are from the sweep of `benchmarks.turn_taking`."""


@dataclass(frozen=True, slots=True)
class Endpointing:
    """The bounds of one session, in seconds. `early_answers`: how many answers a turn may start
    while the caller still sounds; all but the last are thrown away. A turn that sounds on for
    `max_turn_s` is over all the same."""

    min_delay_s: float = 0.2
    max_delay_s: float = 1.2
    early_answers: int = 3
    max_turn_s: float = 30.0

    def delay_s(self, text: str, *, stops_tell: bool, verdict: Verdict | None = None) -> float:
        """Silence to wait for after `text`. `stops_tell`: the recogniser sets full stops where
        sentences end. `verdict`: what the model says, None where it is not asked."""
        is_whole = looks_complete(text)
        if stops_tell and is_whole and is_punctuated(text):
            return self.min_delay_s
        if verdict in (Verdict.AWAITED, Verdict.UNFINISHED):
            return self.max_delay_s
        is_done = verdict is Verdict.DONE
        if not is_whole and (not is_done or breaks_off(text)):
            return self.max_delay_s
        if stops_tell:
            share = 0.0 if is_punctuated(text) else MAYBE_SHARE
        elif hands_over(text):
            share = 0.0 if is_done else ASKED_SHARE
        else:
            share = TOLD_SHARE
        return self.min_delay_s + share * (self.max_delay_s - self.min_delay_s)
