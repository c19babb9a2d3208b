"""How often the words that a caller had said while they still sounded were all of them: learnt.

    "what are your opening hours"    a recogniser gives a word after it was spoken: they go on
    "what are your opening hours?"   or hears where a sentence ends, or is ahead of the voice

An answer begun then is ready the earlier if they hold, and thrown away if not. They are judged by
others of their kind, whether those were answered or not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from pipeline.completeness import is_punctuated
from pipeline.words import same_words

LEAST_SHARE: Final = 1 / 5
"""Of a kind's guesses that held, for the next to be answered: four thrown away for one that is
ready the earlier. On the clips of `benchmarks.response_latency` a recogniser that gives each word
after it was spoken has 1 in 14 without a full stop, one that is ahead of the voice 1 in 3."""
MOST_GUESSES: Final = 64


@dataclass(slots=True)
class Odds:
    """Of one kind: `n` guesses, `n_held` of them. A kind of which little is known is hoped for."""

    n: int = 0
    n_held: int = 0

    @property
    def are_good(self) -> bool:
        """Whether one more is worth an answer."""
        return self.n_held + 1 >= LEAST_SHARE * (self.n + 2)

    def read(self, *, has_held: bool) -> None:
        """One more; of many the old ones count less and less."""
        if self.n >= MOST_GUESSES:
            self.n, self.n_held = self.n // 2, self.n_held // 2
        self.n += 1
        self.n_held += has_held


@dataclass(slots=True)
class Foresight:
    """Of one recogniser in one language. `stopped`: texts with a full stop behind them."""

    stopped: Odds = field(default_factory=Odds)
    bare: Odds = field(default_factory=Odds)

    def promises(self, text: str) -> bool:
        """Whether `text`, of a caller who still sounds, is likely enough to be all of it."""
        return self._of(text).are_good

    def read(self, guesses: Iterable[str], said: str) -> None:
        """A turn is over: what was taken for it early, and all that was said."""
        for text in guesses:
            self._of(text).read(has_held=same_words(text, said))

    def _of(self, text: str) -> Odds:
        return self.stopped if is_punctuated(text) else self.bare
