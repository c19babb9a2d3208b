"""Where in a text its sound is at a moment: the voice's pauses are matched with its punctuation.

Within a stretch between two pauses, characters take equally long.

    text     We have three rooms for you. The first has a view, and the second a balcony.
                                        |                     |
    sound    ▆▇▅▆▇▆▅▆▇▆▅▆▇▆▅▆▇▆▅▆▇▆▅▆▇▁▁▁▇▆▅▆▇▆▅▆▇▆▅▆▇▆▅▆▇▁▁▇▅▆▇▆▅▆▇▆▅▆▇▆▅▆
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.audio import AGENT_RATE_HZ
from pipeline.loudness import loudness

SHORTEST_PAUSE_S: Final = 0.18
"""Between two words a voice dips for less. On spoken replies whose words were timed by a recogniser
this and the tolerances brought the words off from 2 to 1 at the 95th percentile."""
FAINT: Final = 0.03
"""Of the loudest 10 ms: quieter is a pause."""
LEAST_TOLERANCE_S: Final = 0.4
TOLERANCE: Final = 0.2
"""How far from where it is expected a pause may be, of the time since the last one."""
_FRAME: Final = AGENT_RATE_HZ // 100
_MARK: Final = re.compile(r"[.!?।॥…,;:—](?=\s)")


@dataclass(frozen=True, slots=True)
class Pause:
    """A silence of the voice, in seconds of its sound."""

    start_s: float
    end_s: float


def find_pauses(pcm: bytes) -> list[Pause]:
    """The silences inside sound of 16-bit mono at 24 kHz, in order; not those at its edges."""
    levels = loudness(pcm, _FRAME)
    if not levels.size:
        return []
    sounding = np.flatnonzero(levels > FAINT * levels.max())
    gaps = np.flatnonzero(np.diff(sounding) * 0.01 > SHORTEST_PAUSE_S)
    return [Pause(0.01 * (sounding[i] + 1), 0.01 * sounding[i + 1]) for i in gaps]


def chars_at(text: str, duration_s: float, pauses: Sequence[Pause], moment_s: float) -> float:
    """How many characters of `text`, spoken in `duration_s`, have sounded by `moment_s`."""
    anchors = [(0.0, 0.0), *_anchors(text, duration_s, pauses), (duration_s, float(len(text)))]
    moments, chars = zip(*anchors, strict=True)
    return float(np.interp(moment_s, moments, chars))


def _anchors(text: str, duration_s: float, pauses: Sequence[Pause]) -> list[tuple[float, float]]:
    """Moments and the characters sounded by then: both ends of each pause that has its mark."""
    marks = [found.end() for found in _MARK.finditer(text)]
    silent_s = sum(pause.end_s - pause.start_s for pause in pauses)
    chars_per_s = len(text) / max(0.01, duration_s - silent_s)
    anchors: list[tuple[float, float]] = []
    at_s, at_char = 0.0, 0
    for pause in pauses:
        tolerance_s = max(LEAST_TOLERANCE_S, TOLERANCE * (pause.start_s - at_s))
        later = [mark for mark in marks if mark > at_char]
        expected = {mark: at_s + (mark - at_char) / chars_per_s for mark in later}
        mark = min(later, key=lambda one: abs(expected[one] - pause.start_s), default=None)
        if mark is not None and abs(expected[mark] - pause.start_s) <= tolerance_s:
            anchors += [(pause.start_s, float(mark)), (pause.end_s, float(mark))]
            at_s, at_char = pause.end_s, mark
    return anchors
