r"""Which words of an entry were spoken, told from the voice that was heard of it.

::

    voice   /‾‾‾‾‾‾\_/‾‾‾‾‾\_/‾‾‾‾‾‾‾‾\_____________
    words      could    you     tell me|  OVER_AFTER_MS
               its share was heard ^   ^ the last before a pause: nearly all was heard, then silence

No word is spoken before its last sample: a recogniser knows none sooner.
"""

from itertools import accumulate

from sandbox.script import Utterance

OVER_AFTER_MS = 40
"""So much silence is no dip inside of a word."""
_VOICED_MS_A_WORD = 300
"""Pace where the entry names no ``speech_ms``."""
_TRIMMED = 0.1
"""Share of a stretch that transports may take off its edges."""
_SPREAD = 0.08
"""Share by which they may lengthen it: more voice than that is the next stretch's."""


class SpokenWords:
    """One entry's words. Times are seconds on the clock of whoever hears."""

    def __init__(self, entry: Utterance, given: int = 0) -> None:
        """``given``: its first words, which were spoken before."""
        self._stretches = _stretches_of(entry)
        self._ends_ms = _ends_of(entry, self._stretches)
        self._spoken_at = [0.0] * given

    def hear(self, at: float, heard_ms: int, silence_ms: int) -> None:
        """``heard_ms``: the entry's voice up to ``at``, when it had been silent so long."""
        while len(self._spoken_at) < len(self._ends_ms):
            index = len(self._spoken_at)
            if self._is_over(index, heard_ms):
                self._spoken_at.append(at)
            elif self._ends_in_silence(index, heard_ms, silence_ms):
                self._spoken_at.append(at - silence_ms / 1000)
            else:
                return

    def count(self, by: float | None = None) -> int:
        """How many were spoken; ``by`` then, or at all by now."""
        return sum(by is None or at <= by for at in self._spoken_at)

    def _is_over(self, index: int, heard_ms: int) -> bool:
        """By the voice alone. What ends a stretch is over for sure only in the next one."""
        begin, end = self._stretch(index)
        surplus_ms = _SPREAD * (end - begin) if self._ends_ms[index] == end else 0
        return heard_ms >= self._ends_ms[index] + surplus_ms

    def _ends_in_silence(self, index: int, heard_ms: int, silence_ms: int) -> bool:
        begin, end = self._stretch(index)
        before_ms = self._ends_ms[index - 1] if index else 0.0
        lacking_ms = _TRIMMED * (end - begin)
        if self._ends_ms[index] != end:
            lacking_ms = min(lacking_ms, (self._ends_ms[index] - before_ms) / 2)
        return silence_ms >= OVER_AFTER_MS and heard_ms >= self._ends_ms[index] - lacking_ms

    def _stretch(self, index: int) -> tuple[float, float]:
        """Where it begins and ends, in voice."""
        return next(of for of in self._stretches if self._ends_ms[index] <= of[1])


def _stretches_of(entry: Utterance) -> list[tuple[float, float]]:
    whole_ms = entry.speech_ms
    if whole_ms is None:
        whole_ms = _VOICED_MS_A_WORD * len(entry.text.split())
    ends = [float(pause.speech_ms) for pause in entry.pauses] + [float(whole_ms)]
    return list(zip([0.0, *ends], ends, strict=False))


def _ends_of(entry: Utterance, stretches: list[tuple[float, float]]) -> list[float]:
    """Of each word, in voice: as the entry says, else by the letters of its stretch."""
    if entry.word_ends_ms:
        return [float(end) for end in entry.word_ends_ms]
    words = entry.text.split()
    if entry.speech_ms is None:
        return [float(_VOICED_MS_A_WORD * (number + 1)) for number in range(len(words))]
    counts = [pause.words for pause in entry.pauses] + [len(words)]
    ends: list[float] = []
    for (begin, end), count in zip(stretches, counts, strict=True):
        letters = [max(1, sum(map(str.isalnum, word))) for word in words[len(ends) : count]]
        inner = [begin + so_far / sum(letters) * (end - begin) for so_far in accumulate(letters)]
        ends += [*inner[:-1], end] if inner else []
    return ends
