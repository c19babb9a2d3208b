"""Sound by the clock: what each side's samples are at each moment of the session.

    caller    windows as they came, each with when ──▶ when each began ──▶ ▁▂▅▂▁
    agent     what was queued, and when it was to begin; a cut takes back ──▶ ▅▅▅▁▁

Nothing is counted on but the clock: what nobody put is silence.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final

import numpy as np

from agent.recording.opus import Samples
from pipeline.audio import WINDOW_S

SLACK_S: Final = 0.02
"""Sound this far from where the last one ended follows it: the clock that it was taken by and ours
part by a second in hours, and no sooner is it seen when a window came late."""
EARLY_S: Final = 0.002
"""A window comes late and never early: one that began so much before the end of the last tells that
those before it were late, as all of a session's first ones may be."""


class Channel:
    """One side's samples, taken in order from the session's start or later. `early_s`: so much
    before the end of the last ones sound may seem to begin that follows them."""

    def __init__(self, rate_hz: int, begins_s: float, *, early_s: float) -> None:
        self._rate_hz = rate_hz
        self._early_s = early_s
        self._position = round(begins_s * rate_hz)
        self._end = self._position
        self._pieces: deque[tuple[int, Samples]] = deque()

    def put(self, at_s: float, samples: Samples) -> None:
        """Samples from that moment on. Of what lies before the end of the last ones, or was taken
        as silence already, nothing is heard."""
        at = round(at_s * self._rate_hz)
        if -self._early_s * self._rate_hz <= at - self._end <= SLACK_S * self._rate_hz:
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
