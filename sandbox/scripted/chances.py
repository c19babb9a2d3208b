"""What a scripted recogniser draws: the same in every run of a script."""

from dataclasses import dataclass

import numpy as np

from sandbox.clock import Jitter


@dataclass(frozen=True)
class Chances:
    """``percent``: of the words that are misheard at first."""

    jitter: Jitter
    seed: int
    percent: int

    def is_misheard(self, entry: int, position: int) -> bool:
        """Of the word that stands there in the script."""
        drawn = np.random.default_rng((self.seed, entry, position))
        return float(drawn.uniform(0.0, 100.0)) < self.percent


def mishear(word: str) -> str:
    """A word of which only the beginning was understood."""
    letters = "".join(filter(str.isalnum, word))
    return letters[: (len(letters) + 1) // 2]
