"""Speech set into a quiet room, and silences opened inside it.

::

    spoken     ▂▅▇▆▄▃▅▇▅▂            the sentence, whole: it is not said as if it ended
                    ^ cut            at a word's boundary, where it is quietest
    opened     ▂▅▇▆▄______▃▅▇▅▂      as much room noise as makes the pause as long as asked
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.clips import RATE_HZ
from cli.caller.clip import SPEECH_LEVEL, Samples, find_speech
from cli.caller.microphone import NOISE_LEVEL

Sound = NDArray[np.float64]

LEAD_S: Final = 0.3
TAIL_S: Final = 0.4
_PEAK: Final = 0.5
_LEVEL_WINDOW: Final = RATE_HZ // 100
_UNDER_LOUD: Final = 12.0
"""How far below the loud parts (22 dB) a pause lies: breath and a recording's own noise do."""
_SLICE: Final = RATE_HZ * 8 // 1000
_FADE: Final = RATE_HZ * 8 // 1000


@dataclass(frozen=True)
class Opening:
    """Where to open a pause: near `at` (sample), until it lasts `length_ms`."""

    at: int
    reach: int
    length_ms: int


def in_a_room(sound: Sound, *, lead_s: float = LEAD_S, tail_s: float = TAIL_S) -> Samples:
    """Cut to the speech, as loud as all clips, with a quiet room around it."""
    level = sound / np.abs(sound).max() * _PEAK
    speech = find_speech(_samples(level), RATE_HZ)
    if speech is None:
        raise ValueError("no speech")
    cut = level[speech[0] : speech[1] + 1]
    room = np.zeros(int(lead_s * RATE_HZ)), cut, np.zeros(int(tail_s * RATE_HZ))
    whole = np.concatenate(room)
    whole += np.random.default_rng(len(cut)).normal(0.0, NOISE_LEVEL, len(whole))
    return _samples(whole)


def open_pauses(sound: Sound, openings: tuple[Opening, ...], filler: Sound) -> Sound:
    """The sound with a silence at each opening; `filler` is its room, repeated as needed."""
    samples = _samples(sound / np.abs(sound).max() * _PEAK)
    parts: list[Sound] = []
    done = 0
    for opening in openings:
        cut = _quietest(sound, opening.at, opening.reach)
        start, end = find_pause(samples, cut)
        gap = opening.length_ms * RATE_HZ // 1000 - (end - start)
        parts += [_faded(sound[done:cut]), np.resize(filler, max(0, gap))]
        done = cut
    parts.append(_faded(sound[done:]))
    return np.concatenate(parts)


def find_pause(samples: Samples, at: int) -> tuple[int, int]:
    """The quiet stretch around `at`, by energy in windows of 10 ms: first sample, sample after.

    Empty, at `at`, where it is not quiet there.
    """
    count = len(samples) // _LEVEL_WINDOW
    windows = samples[: count * _LEVEL_WINDOW].astype(np.float64).reshape(count, _LEVEL_WINDOW)
    levels = np.sqrt(np.mean(windows * windows, axis=1)) / 32768
    full = float(np.percentile(levels, 95))
    starts = np.flatnonzero(levels >= max(SPEECH_LEVEL, full / _UNDER_LOUD)) * _LEVEL_WINDOW
    before, after = starts[starts <= at], starts[starts > at]
    start = int(before[-1]) + _LEVEL_WINDOW if before.size else 0
    end = int(after[0]) if after.size else len(samples)
    return (start, end) if start <= at else (at, at)


def longest_silences(samples: Samples, count: int) -> list[tuple[int, int]]:
    """Those between sounds, in order of time: first sample, sample after."""
    stretches = {find_pause(samples, at) for at in range(0, len(samples), _LEVEL_WINDOW)}
    inner = [(start, end) for start, end in stretches if 0 < start < end < len(samples)]
    return sorted(sorted(inner, key=lambda span: span[0] - span[1])[:count])


def _quietest(sound: Sound, at: int, reach: int) -> int:
    """The middle of the quietest 8 ms within `reach` of `at`."""
    starts = range(max(0, at - reach), min(len(sound) - _SLICE, at + reach + 1), _SLICE // 4)
    return min(starts, key=lambda s: float(np.sum(sound[s : s + _SLICE] ** 2))) + _SLICE // 2


def _faded(sound: Sound) -> Sound:
    """Without the clicks of a wave that is cut."""
    faded = sound.copy()
    size = min(_FADE, len(faded) // 2)
    ramp = np.linspace(0.0, 1.0, size)
    faded[:size] *= ramp
    faded[len(faded) - size :] *= ramp[::-1]
    return faded


def _samples(level: Sound) -> Samples:
    return np.asarray(np.clip(level, -1.0, 1.0) * 32767, np.int16)
