r"""Counting the words of the scripted voice in recorded sound, and the holes between them.

The voice says each word as one tone and is silent for 40 ms after it (`sandbox/scripted/voice.py`),
so that words are counted as stretches of sound::

    |‾‾‾‾‾‾|____|‾‾‾|____|‾‾‾‾‾‾‾|_______________|‾‾‾‾|____
      word   dip  word      word     held back     word
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cli.caller.clip import SPEECH_LEVEL, Samples
from sandbox.scripted.voice import GAP_MS, word_ms

_DIP_MS: Final = 20.0
"""Silence that parts two tones: half of the voice's own dip, the codec smears the rest."""
_CLICK_MS: Final = 8.0
"""Shorter sounds are no tones."""
_HEARD_FROM: Final = 0.5
"""A word that was cut counts as heard from this share of its tone on."""


@dataclass(frozen=True)
class Tone:
    """One stretch of sound, in milliseconds from the recording's first sample."""

    start_ms: float
    end_ms: float

    @property
    def length_ms(self) -> float:
        return self.end_ms - self.start_ms


def find_tones(samples: Samples, rate_hz: int) -> list[Tone]:
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) >= SPEECH_LEVEL * 32768)
    if not loud.size:
        return []
    edges = np.flatnonzero(np.diff(loud) > rate_hz * _DIP_MS / 1000)
    starts = loud[np.concatenate(([0], edges + 1))]
    ends = loud[np.concatenate((edges, [loud.size - 1]))]
    per_ms = rate_hz / 1000
    tones = [Tone(float(a) / per_ms, float(b) / per_ms) for a, b in zip(starts, ends, strict=True)]
    return [tone for tone in tones if tone.length_ms >= _CLICK_MS]


def count_heard(tones: Sequence[Tone], reply: str, ms_per_char: int) -> int:
    """Words of a reply that was cut at the last tone; that one counts if half of it sounded."""
    words = reply.split()
    count = len(tones)
    if not 0 < count <= len(words):
        return count
    whole_ms = word_ms(words[count - 1], ms_per_char)
    return count if tones[-1].length_ms >= _HEARD_FROM * whole_ms else count - 1


def longest_hole_ms(tones: Sequence[Tone], since_ms: float) -> float:
    """The longest silence before a tone that ends after `since_ms`, beyond the voice's own dip."""
    holes = (
        after.start_ms - before.end_ms - GAP_MS
        for before, after in itertools.pairwise(tones)
        if after.end_ms >= since_ms
    )
    return max(0.0, *holes, 0.0)


def spoken_ms(text: str, ms_per_char: int) -> int:
    """How long the voice speaks a text, the dip after each word included."""
    return sum(word_ms(word, ms_per_char) + GAP_MS for word in text.split())
