"""Where a sound that breaks off can be gone on from, and which word comes then.

The voice provider gives no timing of words, but the sound dips between most of them, and inside of
some. Words are laid over the dips so that each takes about as long as its letters ask for, and
the cut is made at the dip of which it is surest how many words lie before it:

    text    We have three rooms for you, sir. The first
    sound   ▆▇▁▆▇▅▁▆▇▆▁▆▇▅▁▁▁▁▆▇▁▅▇▆          ✂
                          └ cut here, and go on with "sir."

Measured on a synthetic voice whose words a recogniser had timed, cut every 0.3 s of 57 s: with 2 s
of sound to choose from the count was right in 87 of 100, and off by more than one in 3; of a voice
that had not been heard before in 76, and 6. Where the last dip is taken it is 57, and 16.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.alignment import Pause
from pipeline.audio import AGENT_RATE_HZ, agent_seconds
from pipeline.heard import HEARD_SHARE
from pipeline.loudness import loudness
from pipeline.spoken.reading import sounded

LETTERS_PER_S: Final = 14.0
"""Assumed before anything was spoken."""
FAINT: Final = 0.1
"""Of the loudest 10 ms: quieter is a dip."""
SHORTEST_DIP_S: Final = 0.02
PAUSE_S: Final = 0.18
"""A longer dip is a pause; it follows punctuation, and says nothing about the voice's pace."""
_FRAME_S: Final = 0.01
_FRAME: Final = AGENT_RATE_HZ // 100
SURE_ENOUGH: Final = 0.8
"""Of the surest dip's margin: the last such dip is taken, so that little has to be said again."""
_SPREAD: Final = 0.5
_LEAST_SPREAD_S: Final = 0.08
"""How far a word's length is from what its letters ask for."""
_RUN_ON: Final = 0.15
"""Cost of a word whose end does not dip."""
_WITHIN: Final = 0.6
"""Cost of a dip inside a word."""
_UNMARKED: Final = 2.0
"""Cost of a pause after a word without punctuation."""
_MOST_WORDS: Final = 6
_MOST_DIPS: Final = 4
"""From one word end that dips to the next: words without, dips within."""
_LEAST: Final = 0.7
_MOST: Final = 1.4
"""Of the letters that fit into a time, how many are thought possible."""
_MARKS: Final = tuple(".!?।॥…,;:—")

Costs = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cut:
    """The first `n_words` words lie within the first `n_bytes` of a sound, and none after them.
    `is_within_word`: it had to be made where the sound does not dip."""

    n_words: int
    n_bytes: int
    is_within_word: bool = False


class Pace:
    """How many letters a voice speaks in a second, learnt from what it has spoken."""

    def __init__(self) -> None:
        self._letters = 0.0
        self._voiced_s = 0.0

    def learn(self, text: str, pcm: bytes) -> None:
        """Take in a text and all of its sound."""
        pauses_s = [dip.end_s - dip.start_s for dip in find_dips(pcm)]
        self._letters += sum(_letters(word) for word in text.split())
        self._voiced_s += agent_seconds(len(pcm)) - sum(one for one in pauses_s if one > PAUSE_S)

    @property
    def is_known(self) -> bool:
        """Whether the voice has spoken for a second."""
        return self._voiced_s > 1.0

    @property
    def tempi(self) -> Costs:
        """Letters a second that it may have, and in the second row what each costs."""
        if self.is_known:
            ratios, spread = np.geomspace(0.8, 1.25, 7), 0.08
            per_s = self._letters / self._voiced_s
        else:
            ratios, spread = np.geomspace(0.4, 2.2, 15), 0.4
            per_s = LETTERS_PER_S
        return np.array([per_s * ratios, 0.5 * (np.log(ratios) / spread) ** 2])


def find_dips(pcm: bytes) -> list[Pause]:
    """Where sound of 16-bit mono at 24 kHz is faint, in order; not before its beginning."""
    loud, n_frames = _loud(pcm)
    edges = np.append(loud, n_frames)
    least = round(SHORTEST_DIP_S / _FRAME_S)
    return [
        Pause(_FRAME_S * (edges[i] + 1), _FRAME_S * edges[i + 1])
        for i in np.flatnonzero(np.diff(edges) > least)
    ]


def find_cut(words: Sequence[str], pcm: bytes, n_given: int, pace: Pace) -> Cut:
    """Where to end `pcm`, which is the beginning of `words`. The first `n_given` bytes stay: a
    word of which they hold the greater part is not said again."""
    dips, given_s = find_dips(pcm), agent_seconds(n_given)
    if not words or not dips:
        return Cut(0, n_given, is_within_word=n_given > 0)
    begins_s = _FRAME_S * float(_loud(pcm)[0][0])
    laid = _lay(words, dips, begins_s, pace.tempi)
    margins = {n: _margin(laid[n]) for n, dip in enumerate(dips) if dip.end_s >= given_s}
    least = SURE_ENOUGH * max(margins.values(), default=0.0)
    late = [n for n, margin in margins.items() if margin >= least]
    chosen = late[-1] if late else len(dips) - 1
    n_words, end_s = int(laid[chosen].argmin()), dips[chosen].end_s
    if late:
        return Cut(n_words, round(end_s * AGENT_RATE_HZ) * 2)
    expected_s = sum(_letters(word) for word in words[n_words:][:1]) / pace.tempi[0].mean()
    is_heard = 0 < HEARD_SHARE * expected_s <= given_s - end_s
    return Cut(n_words + int(is_heard), n_given, is_within_word=True)


def _loud(pcm: bytes) -> tuple[NDArray[np.intp], int]:
    """The frames that sound, and how many there are of all."""
    levels = loudness(pcm, _FRAME)
    return np.flatnonzero(levels > FAINT * levels.max(initial=0.0)), levels.size


def _letters(word: str) -> float:
    """What its length in sound goes by."""
    return float(max(1, sum(character.isalnum() for character in sounded(word))))


def _margin(costs: Costs) -> float:
    """How much surer the best count is than the second best."""
    best = np.partition(costs, 1)[:2]
    return float(best[1] - best[0])


def _lay(words: Sequence[str], dips: Sequence[Pause], begins_s: float, tempi: Costs) -> list[Costs]:
    """For each dip, what it costs that so many words end there."""
    at = np.cumsum([0.0, *(_letters(word) for word in words)])
    begins = np.arange(len(at)) - np.arange(1, _MOST_WORDS + 1)[:, None]
    run_on = np.where(begins < 0, np.inf, _RUN_ON * np.arange(_MOST_WORDS)[:, None])
    begins = np.maximum(begins, 0)
    expected_s = (at - at[begins]) / tempi[0][:, None, None]
    unmarked = np.array([0.0, *(_UNMARKED * (not word.endswith(_MARKS)) for word in words)])
    first = np.full((tempi.shape[1], len(at)), np.inf)
    first[:, 0] = tempi[1]
    laid, ends, voiced_s = [first], [begins_s, *(dip.end_s for dip in dips)], 0.0
    for number, dip in enumerate(dips, 1):
        voiced_s += dip.start_s - ends[number - 1]
        low = int(np.searchsorted(at, voiced_s * tempi[0].min() * _LEAST))
        high = int(np.searchsorted(at, voiced_s * tempi[0].max() * _MOST)) + _MOST_WORDS
        near = expected_s[:, :, low:high]
        here = np.full_like(first, np.inf)
        for within in range(min(number, _MOST_DIPS)):
            off = dip.start_s - ends[number - 1 - within] - near
            off /= _SPREAD * near + _LEAST_SPREAD_S
            costs = 0.5 * off * off + run_on[:, low:high] + _WITHIN * within
            costs += laid[number - 1 - within][:, begins[:, low:high]]
            here[:, low:high] = np.minimum(here[:, low:high], costs.min(axis=1))
        laid.append(here + unmarked if dip.end_s - dip.start_s > PAUSE_S else here)
    return [costs.min(axis=0) for costs in laid[1:]]
