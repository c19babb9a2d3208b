"""What a recogniser's full stops tell: learnt from its finals, as its makers promise nothing.

    at ends      "I need a refund."  "I want to"      a stop tells that the sentence is whole
    at pauses    "I need a refund."  "I want to."     it tells nothing
    never        "I need a refund"   "I want to"      its absence tells nothing

One that sets its stops where sentences end hears their melody as well as their words.
"""

from typing import Final

from pipeline.completeness import breaks_off, is_punctuated

EMPTY_SHARE: Final = 1 / 8
"""Stops behind open words, of all: with more, they mark pauses. Few sentences end so."""


class Punctuation:
    """Of one recogniser in one language; feed it every final."""

    def __init__(self) -> None:
        self._n_stops = 0
        self._n_empty = 0

    def read(self, final: str) -> None:
        """One more of its finals."""
        if is_punctuated(final):
            self._n_stops += 1
            self._n_empty += breaks_off(final)

    @property
    def tells_ends(self) -> bool:
        """Whether a full stop, or none, says something of the sentence."""
        return self._n_stops > 0 and self._n_empty <= EMPTY_SHARE * self._n_stops
