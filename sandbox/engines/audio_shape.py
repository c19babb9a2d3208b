"""Pitch, rate and loudness of synthesised speech, without clicks between its pieces."""

import av
import numpy as np

from sandbox.ports import Samples

_SOFT = 64
"""Below this (-54 dBFS) the edges of a sentence are silence."""
_LEAD_MS = 20


class Shaper:
    """One resampler over all sentences of a line; its filter runs on across their borders."""

    def __init__(self, from_hz: int, to_hz: int, *, pitch: float, loudness: float) -> None:
        self._source_hz = round(from_hz * pitch)
        self._loudness = loudness
        self._resampler = av.AudioResampler(format="s16", layout="mono", rate=to_hz)

    def shape(self, samples: Samples) -> Samples:
        if samples.size == 0:
            return samples
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = self._source_hz
        return self._collect(frame)

    def finish(self) -> Samples:
        return self._collect(None)

    def _collect(self, frame: av.AudioFrame | None) -> Samples:
        parts = [part.to_ndarray()[0] for part in self._resampler.resample(frame)]
        samples: Samples = np.concatenate(parts) if parts else np.zeros(0, np.int16)
        if self._loudness != 1.0:
            samples = np.clip(samples * self._loudness, -32768, 32767).astype(np.int16)
        return samples


def trim_start(samples: Samples, rate_hz: int) -> Samples:
    """Without the silence that a synthesis begins with, but for a short lead."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > _SOFT)
    if loud.size == 0:
        return samples[:0]
    return samples[max(0, int(loud[0]) - rate_hz * _LEAD_MS // 1000) :]
