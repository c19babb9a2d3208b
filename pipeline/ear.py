"""Windows of the caller's sound → speech and silence, on the sound's own clock.

The voice activity model's probability decays for some 50 ms after the last sound, and rises a
window late. Silence is therefore counted from the last loud slice, and the model only vouches
that the loudness was a voice:

    sound   ▁▁▇▇▇▇▇▇▆▂▁▁▁▁▁▁▁▁
    model   ..01359999996421......      p ≥ 0.3: loud slices count as speech
                     ^ last loud slice  silence starts here
                         ^ p < 0.35     before that nobody decides anything

A voice hardly louder than its room has no loud slices. The model's word alone stands once it has
heard a voice for longer than its decay could explain.
"""

from dataclasses import dataclass
from typing import Final

from pipeline.audio import CALLER_RATE_HZ, WINDOW_S
from pipeline.loudness import loudness

SLICE_SAMPLES: Final = 128  # 8 ms
LOUD_OVER_FLOOR: Final = 3.0
LOUD_OVER_PEAK: Final = 0.06
PEAK_DECAY: Final = 0.985  # a window; the peak halves in about 1.5 s
FLOOR_RISE: Final = 1.02  # a window; the floor doubles in about 1.1 s of steadily louder noise
MIN_FLOOR: Final = 8.0  # int16 RMS: digital silence is no reference
VOICED_AT: Final = 0.5
SUPPORTED_AT: Final = 0.3
QUIET_BELOW: Final = 0.35
DECAYED_AFTER_S: Final = 0.25
"""From the last loud slice on. Recorded clips in noise: with 0.16 s turns of clear speech were
decided later, with 0.35 s voices 5 dB over the noise had pauses that were none."""


@dataclass(frozen=True, slots=True)
class Window:
    """What one window of 32 ms told. Times are the monotonic clock's seconds.

    `silence_s` counts from the last loud slice of speech to the end of this window, infinite
    before any speech. `voiced_run` is the number of windows in a row, this one included, that
    the model calls speech.
    """

    at: float
    pcm: bytes
    probability: float
    is_voiced: bool
    voiced_run: int
    silence_s: float

    @property
    def is_quiet(self) -> bool:
        """Whether the model agrees that nobody speaks."""
        return self.probability < QUIET_BELOW

    @property
    def last_loud_at(self) -> float:
        """When the last loud slice of speech ended."""
        return self.at - self.silence_s


class Ear:
    """Follows noise floor and peak, and turns model probabilities into `Window`s."""

    def __init__(self) -> None:
        self._floor = 100.0
        self._peak = 0.0
        self._silence_s = float("inf")
        self._voiced_run = 0
        self._is_soft_voice = False

    def listen(self, pcm: bytes, *, probability: float, at: float) -> Window:
        """Take one window of 512 samples at 16 kHz that ended at `at`."""
        levels: list[float] = loudness(pcm, SLICE_SAMPLES).tolist()
        is_voiced = probability >= VOICED_AT
        self._voiced_run = self._voiced_run + 1 if is_voiced else 0
        self._follow(levels, is_voiced=is_voiced)
        self._count_silence(levels, probability)
        return Window(at, pcm, probability, is_voiced, self._voiced_run, self._silence_s)

    def _follow(self, levels: list[float], *, is_voiced: bool) -> None:
        ceiling = self._floor if is_voiced else self._floor * FLOOR_RISE
        self._floor = max(MIN_FLOOR, min(*levels, ceiling))
        self._peak *= PEAK_DECAY
        if is_voiced:
            self._peak = max(self._peak, *levels)

    def _count_silence(self, levels: list[float], probability: float) -> None:
        threshold = max(LOUD_OVER_FLOOR * self._floor, LOUD_OVER_PEAK * self._peak)
        n_quiet = next((n for n, level in enumerate(reversed(levels)) if level > threshold), None)
        if probability >= SUPPORTED_AT and n_quiet is not None:
            self._silence_s = n_quiet * SLICE_SAMPLES / CALLER_RATE_HZ
            self._is_soft_voice = False
            return
        self._silence_s += WINDOW_S
        is_unexplained = self._voiced_run > 1 and self._silence_s > DECAYED_AFTER_S
        self._is_soft_voice = self._voiced_run > 0 and (self._is_soft_voice or is_unexplained)
        if self._is_soft_voice:
            self._silence_s = 0.0
