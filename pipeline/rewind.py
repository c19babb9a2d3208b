"""Where to go on with a sound that was stopped inside a word: at that word's beginning.

The voice provider gives no timing of words, but between most of them the sound dips.

    ▆▇▇▆▁▁▆▇▇▇▇
          ^    ^ stopped
          └ goes on
"""

from typing import Final

import numpy as np

from pipeline.audio import AGENT_BYTES_PER_S, AGENT_RATE_HZ
from pipeline.loudness import loudness

LOOK_BACK_S: Final = 0.6
"""Hardly any word is longer; where none began in it, the sound goes on at its very sample."""
LOOK_BACK_BYTES: Final = int(LOOK_BACK_S * AGENT_BYTES_PER_S)
DIP: Final = 0.1
"""Of the loudest 10 ms before the stop: quieter is between words."""
_FRAME: Final = AGENT_RATE_HZ // 100


def bytes_into_word(pcm: bytes) -> int:
    """How much of the end of `pcm`, the sound just before the stop, belongs to a word begun."""
    whole = len(pcm) // (2 * _FRAME) * 2 * _FRAME
    levels = loudness(pcm[len(pcm) - whole :], _FRAME)
    if not levels.size:
        return 0
    dips = np.flatnonzero(levels <= DIP * levels.max())
    if not dips.size:
        return 0
    return 2 * _FRAME * (len(levels) - 1 - int(dips[-1]))
