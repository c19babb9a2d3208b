"""What a recogniser's full stops tell: learnt from its finals, as its makers promise nothing.

    at ends      "I need a refund."  "I want to"      a stop tells that the sentence is whole
    at pauses    "I need a refund."  "I want to."     it tells nothing
    never        "I need a refund"   "I want to"      its absence tells nothing

One that sets its stops where sentences end hears their melody as well as their words.
"""

from dataclasses import dataclass
from typing import Final

from pipeline.completeness import breaks_off, is_punctuated

MOST_STOPS: Final = 128
EMPTY_SHARE: Final = 1 / 20
"""Stops behind open words, of all: with more, they mark pauses. No sentence that tells ends so,
and of what is said before a pause one in seven."""


@dataclass(slots=True)
class Punctuation:
    """Of one recogniser in one language; feed it every final. `n_stops`: finals with a full stop;
    `n_empty`: of those that cannot be sentences."""

    n_stops: int = 0
    n_empty: int = 0

    def read(self, final: str) -> None:
        """One more of its finals; of many the old ones count less and less."""
        if not is_punctuated(final):
            return
        if self.n_stops >= MOST_STOPS:
            self.n_stops, self.n_empty = self.n_stops // 2, self.n_empty // 2
        self.n_stops += 1
        self.n_empty += breaks_off(final) and not _is_question(final)

    @property
    def tells_ends(self) -> bool:
        """Whether a full stop, or none, says something of the sentence."""
        return self.n_stops > 0 and self.n_empty <= EMPTY_SHARE * self.n_stops


def _is_question(final: str) -> bool:
    """By its mark, which is for no pause: "where my order is?" is whole."""
    return final.rstrip().endswith("?")
