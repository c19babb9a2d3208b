r"""An energy-based voice activity detector: small, and the same in every run.

::

    level    ____/‾‾‾‾\_/‾‾‾‾‾\________________
    voiced        ^^^^  ^^^^^^
    started       |-> after min_speech_ms of voiced frames
    ended                      silence_ms later ->|
"""

import enum
from dataclasses import dataclass

import numpy as np

from sandbox.ports import Samples

FRAME_MS = 10
_QUIETEST_VOICED = 300.0
"""RMS in PCM16 steps (-41 dBFS): below it nothing counts as speech, however quiet the room."""
_LOUDEST_THRESHOLD = 2000.0
_OVER_FLOOR = 3.0
_FLOOR_RISE = 1.005
"""Per frame: the noise floor creeps up 6 dB in 1.4 s and falls at once."""


class Change(enum.Enum):
    STARTED = "started"
    ENDED = "ended"


@dataclass(frozen=True)
class Heard:
    voiced_ms: int
    """Voiced time within the samples just given."""
    silence_ms: int
    """Since the last voiced frame, whatever utterance it belonged to."""
    change: Change | None = None


class SpeechGate:
    """Follows one stream. Give it at most ``silence_ms`` at once, or an end may hide a start."""

    def __init__(self, rate_hz: int, *, silence_ms: int, min_speech_ms: int = 60) -> None:
        self.silence_ms = silence_ms
        self.min_speech_ms = min_speech_ms
        self._frame_size = rate_hz * FRAME_MS // 1000
        self._rest = np.zeros(0, np.int16)
        self._floor = _QUIETEST_VOICED / _OVER_FLOOR
        self._voiced_run_ms = 0
        self._silent_run_ms = 0
        self._quiet_ms = 0
        self.is_speech = False

    def hear(self, samples: Samples) -> Heard:
        samples = np.concatenate((self._rest, samples)) if self._rest.size else samples
        count = samples.size // self._frame_size
        whole = count * self._frame_size
        self._rest = samples[whole:].copy()
        if count == 0:
            return Heard(0, self._quiet_ms)
        frames = samples[:whole].astype(np.float32).reshape(count, self._frame_size)
        levels = np.sqrt(np.mean(frames * frames, axis=1))
        voiced_ms = 0
        change: Change | None = None
        for level in levels.tolist():
            is_voiced = self._is_voiced(level)
            voiced_ms += FRAME_MS if is_voiced else 0
            self._quiet_ms = 0 if is_voiced else self._quiet_ms + FRAME_MS
            change = self._follow(is_voiced) or change
        return Heard(voiced_ms, self._quiet_ms, change)

    def _is_voiced(self, level: float) -> bool:
        self._floor = max(1.0, min(level, self._floor * _FLOOR_RISE))
        threshold = min(max(_QUIETEST_VOICED, self._floor * _OVER_FLOOR), _LOUDEST_THRESHOLD)
        return level >= threshold

    def _follow(self, is_voiced: bool) -> Change | None:
        if is_voiced:
            self._voiced_run_ms += FRAME_MS
            self._silent_run_ms = 0
        else:
            self._silent_run_ms += FRAME_MS
            # A dip inside a word does not undo a beginning; a longer one does.
            if self._silent_run_ms > 3 * FRAME_MS:
                self._voiced_run_ms = 0
        if not self.is_speech and self._voiced_run_ms >= max(self.min_speech_ms, FRAME_MS):
            self.is_speech = True
            return Change.STARTED
        if self.is_speech and self._silent_run_ms >= self.silence_ms:
            self.reset()
            return Change.ENDED
        return None

    def reset(self) -> None:
        """Forget the open utterance, not the noise floor."""
        self.is_speech = False
        self._voiced_run_ms = 0
        self._silent_run_ms = 0


def measure_voiced_ms(samples: Samples, rate_hz: int) -> int:
    """Voiced time of a whole clip, as the scripted recogniser counts it."""
    gate = SpeechGate(rate_hz, silence_ms=1_000_000_000)
    return gate.hear(samples).voiced_ms
