"""A model that is asked whether the caller has broken off, and how well it can tell.

It knows no more than the words can say: a caller who pauses where a sentence could end is taken to
be done, whatever they are about to add.
"""

import zlib
from collections.abc import Iterator, Sequence

import numpy as np

from sandbox.script import Utterance
from sandbox.scripted.punctuation import punctuate


class BrokenOff:
    """``right_percent``: of the texts that it judges rightly. The same text it judges alike."""

    def __init__(self, utterances: Sequence[Utterance], right_percent: int, seed: int) -> None:
        self._utterances = [(_words(one.text), _whole_at(one)) for one in utterances]
        self._right_percent = right_percent
        self._seed = seed

    def tells(self, said: str) -> bool:
        """Whether it says that the caller has broken off."""
        words = _words(said)
        chance = np.random.default_rng((self._seed, zlib.crc32(" ".join(words).encode())))
        is_right = float(chance.uniform(0.0, 100.0)) < self._right_percent
        return self._is_unfinished(words) == is_right

    def _is_unfinished(self, words: list[str]) -> bool:
        """As the script has it: of words that are no part of any entry nothing is known."""
        found = [
            end not in whole_at
            for entry, whole_at in self._utterances
            for end in _ends_in(entry, words)
        ]
        return bool(found) and all(found)


def _words(text: str) -> list[str]:
    return punctuate(text, "never", is_pause=False).casefold().split()


def _whole_at(entry: Utterance) -> set[int]:
    """After how many of its words the caller may be done."""
    return {len(entry.text.split())} | {one.words for one in entry.pauses if one.whole}


def _ends_in(entry: list[str], words: list[str]) -> Iterator[int]:
    """After how many words of the entry those end."""
    for end in range(len(words), len(entry) + 1):
        if entry[end - len(words) : end] == words:
            yield end
