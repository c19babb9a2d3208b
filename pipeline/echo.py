"""Whether the caller's sound is our own, back from their loudspeaker: by its loudness over time.

Browsers and phones take the echo away; what has no canceller sends all of it back, and a detector
of voices hears a voice in it.

    agent     ▁▁▇▆▁▇▇▅▁▁▆▇▁▁▁▁▁▁
    caller    ▁▁▁▁▁▃▂▁▃▃▂▁▁▂▃▁▁▇▇▆     the same shape, later and fainter: echo
                  ├─┤ lag                          ^ louder than the echo can be: the caller

The lag and the gain are learnt while the agent says its first words, which no voice stops that may
be its own, and followed from then on. Without an echo in them there is a canceller, and all that
sounds later is the caller's: it is compared with nothing any more.
"""

from typing import Final

import numpy as np

from pipeline.audio import AGENT_RATE_HZ, CALLER_RATE_HZ
from pipeline.clock import now
from pipeline.loudness import Loudness, loudness
from pipeline.ports import Playout

SLICE_S: Final = 0.008
LONGEST_LAG_S: Final = 0.7
"""Loudspeaker to microphone by way of both jitter buffers: 0.1 to 0.3 s, with Bluetooth 0.5."""
COMPARED_S: Final = 0.8
KEPT_S: Final = 2.5
"""Of the agent's loudness: what is compared, shifted by the longest lag, and what is queued."""
USUAL_LAG_S: Final = 0.4
"""While the lag is not known, a voice may be the agent's for so long after the agent's sound."""
UNSURE_S: Final = 0.7
"""Of the agent's first sound, in which its echo cannot be told from a caller yet."""
LEARNING_S: Final = 3.0
"""Of the agent's first sound, in which an echo may be learnt."""
ALIKE: Final = 0.85
"""Correlation of the changes of both loudnesses, 0.98 and more for an echo through the codec."""
AGREEING: Final = 6
"""Windows in a row whose best lags lie within two slices: then the echo is known. Two people who
begin to talk at once reach the correlation, too, but not at one lag."""
FAINTER: Final = 0.8
"""The most of the agent's loudness that comes back."""
OVER_ECHO: Final = 2.0
"""Times the expected echo from which on it is the caller who speaks."""
SOUNDING: Final = 100.0
"""RMS of 16-bit samples: fainter is silence."""

_MOMENT: Final = 4
_NEARBY: Final = 8
_LAGS: Final = round(LONGEST_LAG_S / SLICE_S)
_USUAL_LAG: Final = round(USUAL_LAG_S / SLICE_S)
_COMPARED: Final = round(COMPARED_S / SLICE_S)
_KEPT: Final = round(KEPT_S / SLICE_S)


def _slices(pcm: bytes, rate_hz: int) -> Loudness:
    """RMS of each 8 ms; what is left at the end counts as a slice of its own."""
    size = round(rate_hz * SLICE_S)
    return loudness(pcm + bytes(-len(pcm) % (2 * size)), size)


def _changes(levels: Loudness) -> Loudness:
    """How it rises and falls from one moment to the next: that both sound, and sound longer, says
    nothing."""
    compressed = np.sqrt(levels)
    return compressed[..., _MOMENT:] - compressed[..., :-_MOMENT]


class Strip:
    """Loudness by the clock, the latest 2.5 s of it and what is still to come."""

    def __init__(self) -> None:
        self._loudness = np.zeros(_KEPT, np.float32)
        self._end = 0

    def write(self, slices: Loudness, at: float) -> None:
        """`slices` begin at `at`, seconds of the monotonic clock."""
        first = round(at / SLICE_S)
        self._forward(first + len(slices))
        keys = np.arange(first, first + len(slices))
        is_kept = keys > self._end - _KEPT
        self._loudness[keys[is_kept] % _KEPT] = slices[is_kept]

    def cut(self, at: float) -> None:
        """What was to sound from `at` on does not."""
        first = max(round(at / SLICE_S), self._end - _KEPT)
        self._loudness[np.arange(first, self._end) % _KEPT] = 0.0

    def read(self, until: float, n: int) -> Loudness:
        """The `n` slices before `until`."""
        end = round(until / SLICE_S)
        keys = np.arange(end - n, end)
        is_kept = (keys > self._end - _KEPT) & (keys < self._end)
        return np.where(is_kept, self._loudness[keys % _KEPT], np.float32(0.0))

    def _forward(self, end: int) -> None:
        """Let slices begin up to `end`, silent ones as yet."""
        if end > self._end:
            first = max(self._end, end - _KEPT)
            self._loudness[np.arange(first, end) % _KEPT] = 0.0
            self._end = end


class EchoGuard:
    """Tells of each of the caller's windows whether the agent's own sound explains it."""

    def __init__(self) -> None:
        self._agent = Strip()
        self._caller = Strip()
        self._sounded_s = 0.0
        self._lag: int | None = None
        self._gain = 0.0
        self._n_agreeing = 0
        self._last_lag = -10

    def played(self, pcm: bytes, at: float) -> None:
        """The agent's sound, 16-bit mono at 24 kHz, starts to leave at `at`."""
        if self._has_canceller:
            return
        slices = _slices(pcm, AGENT_RATE_HZ)
        self._agent.write(slices, at)
        self._sounded_s += SLICE_S * int(np.count_nonzero(slices > SOUNDING))

    def silenced(self, at: float) -> None:
        """What was to leave from `at` on was dropped."""
        self._agent.cut(at)

    @property
    def is_unsure(self) -> bool:
        """Whether the agent has not sounded for long enough to know its echo."""
        return self._lag is None and self._sounded_s < UNSURE_S

    @property
    def _has_canceller(self) -> bool:
        return self._lag is None and self._sounded_s > LEARNING_S

    def explains(self, pcm: bytes, at: float) -> bool:
        """Whether the caller's window that ended at `at` may hold nothing but the agent."""
        if self._has_canceller:
            return False
        slices = _slices(pcm, CALLER_RATE_HZ)
        self._caller.write(slices, at - len(slices) * SLICE_S)
        agent = self._agent.read(at, _COMPARED + _LAGS)
        if agent.max() < SOUNDING:
            return False
        self._learn(agent, self._caller.read(at, _COMPARED))
        if self._lag is None:
            return self.is_unsure and agent[-_USUAL_LAG:].max() >= SOUNDING
        return self._is_no_louder(slices, agent)

    def _is_no_louder(self, slices: Loudness, agent: Loudness) -> bool:
        assert self._lag is not None
        end = len(agent) - self._lag
        nearby = agent[max(0, end - len(slices) - _NEARBY) : end + _NEARBY]
        return bool(slices.max() <= OVER_ECHO * self._gain * nearby.max() + SOUNDING)

    def _learn(self, agent: Loudness, caller: Loudness) -> None:
        """Find the shift at which both loudnesses change most alike; believe it when it stays."""
        shifted = np.lib.stride_tricks.sliding_window_view(agent, _COMPARED)[:0:-1]
        changes, heard = _changes(shifted), _changes(caller)
        norms = np.linalg.norm(changes, axis=1) * np.linalg.norm(heard)
        alike = (changes @ heard) / np.maximum(norms, 1e-6)
        lag = int(alike.argmax())
        gain = float(shifted[lag] @ caller / max(1.0, float(shifted[lag] @ shifted[lag])))
        is_echo = alike[lag] >= ALIKE and 0.0 < gain <= FAINTER
        is_agreeing = is_echo and abs(lag - self._last_lag) <= 2
        self._n_agreeing = self._n_agreeing + 1 if is_agreeing else int(is_echo)
        self._last_lag = lag
        if self._n_agreeing >= AGREEING:
            self._lag, self._gain = lag, gain


class OverheardPlayout:
    """A way out for sound that the guard follows. Implements `pipeline.ports.Playout`."""

    def __init__(self, playout: Playout, guard: EchoGuard) -> None:
        self._playout = playout
        self._guard = guard

    async def push(self, pcm: bytes) -> None:
        """Queue sound."""
        self._guard.played(pcm, now() + self._playout.queued_s)
        await self._playout.push(pcm)

    @property
    def queued_s(self) -> float:
        """Seconds pushed and not played."""
        return self._playout.queued_s

    def clear(self) -> None:
        """Drop what is queued."""
        self._guard.silenced(now())
        self._playout.clear()
