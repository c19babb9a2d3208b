"""Sound by the clock: what each side's samples are at each moment of the session.

    caller    windows as they came, each with when ──▶ when each began ──▶ ▁▂▅▂▁
    agent     what was queued, and when it was to begin; a cut takes back ──▶ ▅▅▅▁▁

Nothing is counted on but the clock: what nobody put is silence.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final

import numpy as np

from agent.recording.opus import RATE_HZ, Samples
from pipeline.audio import AGENT_RATE_HZ, CALLER_RATE_HZ, WINDOW_S

SLACK_S: Final = 0.02
"""Sound this far from where the last one ended follows it: the clock that it was taken by and ours
part by a second in hours, and no sooner is it seen when a window came late."""
_TAPS: Final = 24
assert AGENT_RATE_HZ == RATE_HZ
assert 3 * CALLER_RATE_HZ == 2 * RATE_HZ


class Channel:
    """One side's samples, taken in order from the session's start or later."""

    def __init__(self, rate_hz: int, begins_s: float) -> None:
        self._rate_hz = rate_hz
        self._position = round(begins_s * rate_hz)
        self._end = self._position
        self._pieces: deque[tuple[int, Samples]] = deque()

    def put(self, at_s: float, samples: Samples) -> None:
        """Samples from that moment on. Of what lies before the end of the last ones, or was taken
        as silence already, nothing is heard."""
        at = round(at_s * self._rate_hz)
        if abs(at - self._end) <= SLACK_S * self._rate_hz:
            at = self._end
        first = max(at, self._end, self._position)
        samples = samples[first - at :]
        if len(samples):
            self._pieces.append((first, samples))
            self._end = first + len(samples)

    def cut(self, at_s: float) -> None:
        """From that moment on there is nothing, but what is put after."""
        at = max(self._position, round(at_s * self._rate_hz))
        while self._pieces and self._pieces[-1][0] >= at:
            self._pieces.pop()
        if self._pieces:
            begin, samples = self._pieces[-1]
            self._pieces[-1] = (begin, samples[: at - begin])
        self._end = min(self._end, at)

    def take(self, n: int) -> Samples:
        """The next `n` samples."""
        taken = np.zeros(n, np.int16)
        begin, end = self._position, self._position + n
        for at, samples in self._pieces:
            if at >= end:
                break
            first, last = max(at, begin), min(at + len(samples), end)
            if first < last:
                taken[first - begin : last - begin] = samples[first - at : last - at]
        while self._pieces and self._pieces[0][0] + len(self._pieces[0][1]) <= end:
            self._pieces.popleft()
        self._position = end
        return taken


def begins_of(came_at: Sequence[float]) -> list[float]:
    """When each of consecutive windows began, at the latest: it was whole when it came, and so was
    each that followed it. What was held up comes in a heap, of which the last tells."""
    begins: list[float] = []
    for at in reversed(came_at):
        latest = at - WINDOW_S
        begins.append(min(latest, begins[-1] - WINDOW_S) if begins else latest)
    return begins[::-1]


class Upsampler:
    """The caller's 16 kHz → the recording's 24 kHz, in order: three samples from each two."""

    def __init__(self) -> None:
        self._before = np.zeros(_TAPS - 2, np.float32)
        self._filter = _polyphase()

    def up(self, samples: Samples) -> Samples:
        """Of an even number of samples half as many again."""
        if not samples.any() and not self._before.any():
            return np.zeros(len(samples) * 3 // 2, np.int16)
        known = np.concatenate([self._before, samples.astype(np.float32)])
        self._before = known[-len(self._before) :]
        seen = np.lib.stride_tricks.sliding_window_view(known, _TAPS)[::2]
        made = (seen @ self._filter).reshape(-1)
        return np.clip(np.rint(made), -32768, 32767).astype(np.int16)


def _polyphase() -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """A windowed sinc at 7.6 kHz, sampled for the three places between two samples."""
    cutoff = 0.95
    columns = []
    for phase in range(3):
        distance = np.arange(_TAPS) - (_TAPS / 2 - 1) - phase * 2 / 3
        window = 0.5 + 0.5 * np.cos(np.pi * distance / (_TAPS / 2 + 1))
        taps = cutoff * np.sinc(cutoff * distance) * window
        columns.append(taps / taps.sum())
    return np.stack(columns, axis=1).astype(np.float32)
