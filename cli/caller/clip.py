"""Sound to speak: mono PCM16 with its first and last speech sample known."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from cli.caller.errors import ClipError

Samples = NDArray[np.int16]

SPEECH_LEVEL = 0.01
"""Amplitude (of full scale, -40 dBFS) from which a sample counts as sound, sent or received.

Far above a quiet room (-60 dBFS) and a codec's noise, far below speech.
"""
_WINDOW_S = 0.010
_SHORTEST_SPEECH_WINDOWS = 3
"""Shorter sounds at the edges are clicks, not speech."""
_OVER_NOISE = 4.0
"""How far (12 dB) above the recording's own noise speech begins."""
_LONGEST_S = 600.0
"""A clip is held in memory and played in real time: more than ten minutes is a mistake."""


@dataclass(frozen=True)
class Clip:
    """`first_speech`, `last_speech`: indexes into `samples`."""

    name: str
    samples: Samples
    rate_hz: int
    first_speech: int
    last_speech: int

    @property
    def duration_s(self) -> float:
        return len(self.samples) / self.rate_hz


def read_clip(path: Path, rate_hz: int = 16_000) -> Clip:
    """Read a sound file of any rate, channel count and sample format.

    Raises:
        ClipError: the file cannot be read, is no sound file, is silent or too long.
    """
    samples = _decode(path, rate_hz)
    speech = find_speech(samples, rate_hz)
    if speech is None:
        raise ClipError(f"{path}: no speech, nothing in it is louder than {SPEECH_LEVEL:.0%}")
    return Clip(path.name, samples, rate_hz, *speech)


def find_speech(samples: Samples, rate_hz: int) -> tuple[int, int] | None:
    """First and last sample of speech by energy, to a window of 10 ms; None without any."""
    size = int(rate_hz * _WINDOW_S)
    count = len(samples) // size
    if count == 0:
        return None
    windows = samples[: count * size].astype(np.float64).reshape(count, size) / 32768
    levels = np.sqrt(np.mean(windows * windows, axis=1))
    noise, loud = np.percentile(levels, (5, 95))
    # Where all of it is speech, cut tightly, there is no noise to stand out from.
    threshold = max(SPEECH_LEVEL, min(_OVER_NOISE * float(noise), float(loud) / 4))
    runs = [run for run in _loud_runs(levels >= threshold) if run[1] >= _SHORTEST_SPEECH_WINDOWS]
    if not runs:
        return None
    last_start, last_count = runs[-1]
    return runs[0][0] * size, (last_start + last_count) * size - 1


def _loud_runs(loud: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """(first window, number of windows) of each unbroken run."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], loud, [False])).astype(np.int8)))
    return [(int(a), int(b - a)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _decode(path: Path, rate_hz: int) -> Samples:
    parts: list[Samples] = []
    count = 0
    try:
        for part in _decoded_parts(path, rate_hz):
            parts.append(part)
            count += len(part)
            if count > _LONGEST_S * rate_hz:
                raise ClipError(f"{path}: longer than {_LONGEST_S:.0f} s")
    except OSError as exc:
        raise ClipError(f"{path}: {exc.strerror or 'cannot be read'}") from exc
    except av.error.FFmpegError as exc:
        raise ClipError(f"{path}: no sound file that can be read ({exc.strerror})") from exc
    return np.concatenate(parts) if parts else np.zeros(0, np.int16)


def _decoded_parts(path: Path, rate_hz: int) -> Iterator[Samples]:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=rate_hz)
    with av.open(str(path)) as container:
        if not container.streams.audio:
            raise ClipError(f"{path}: holds no sound")
        for frame in container.decode(audio=0):
            for part in resampler.resample(frame):
                yield part.to_ndarray().reshape(-1).astype(np.int16)
        for part in resampler.resample(None):
            yield part.to_ndarray().reshape(-1).astype(np.int16)
