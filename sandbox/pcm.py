"""Audio as clients send it -> mono PCM16 samples."""

import base64
import binascii
import struct
from collections.abc import Callable

import numpy as np

from sandbox import g711
from sandbox.ports import Samples


class AudioError(ValueError):
    """The bytes are not the audio they claim to be."""


def _from_linear16(data: bytes) -> Samples:
    return np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.int16, copy=False)


def _from_linear32(data: bytes) -> Samples:
    words = np.frombuffer(data[: len(data) // 4 * 4], "<i4")
    return (words >> 16).astype(np.int16)


DECODERS: dict[str, Callable[[bytes], Samples]] = {
    "linear16": _from_linear16,
    "linear32": _from_linear32,
    "mulaw": g711.decode_mulaw,
    "alaw": g711.decode_alaw,
}
"""Header-less encodings of the realtime socket."""


def from_base64(text: object) -> bytes:
    if not isinstance(text, str):
        raise AudioError("audio must be a base64 string")
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as exc:
        raise AudioError("audio is not valid base64") from exc


def from_wav_or_pcm(data: bytes, rate_hz: int) -> Samples:
    """A WAV file (any rate, mixed down), or else header-less PCM16 at ``rate_hz``."""
    if data[:4] != b"RIFF":
        return _from_linear16(data)
    samples, wav_rate_hz = read_wav(data)
    return resample(samples, wav_rate_hz, rate_hz)


def read_wav(data: bytes) -> tuple[Samples, int]:
    """PCM16 samples, mixed down, and their rate. Sizes of a streaming header are tolerated."""
    if len(data) < 12 or data[8:12] != b"WAVE":
        raise AudioError("not a WAV file")
    channels, rate_hz, position = 0, 0, 12
    while position + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, position)
        position += 8
        if name == b"fmt " and size >= 16:
            kind, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", data, position)
            if kind not in (1, 0xFFFE) or bits != 16:
                raise AudioError("only PCM16 WAV is read")
        elif name == b"data":
            if channels < 1 or rate_hz < 1:
                break
            samples = _from_linear16(data[position : position + size])
            frames = samples[: samples.size // channels * channels].reshape(-1, channels)
            return frames.mean(axis=1).astype(np.int16), rate_hz
        position += size + size % 2
    raise AudioError("the WAV file holds no audio")


def resample(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    """Linear interpolation: good enough to be recognised, not to be listened to."""
    if from_hz == to_hz or samples.size == 0:
        return samples
    count = max(1, round(samples.size * to_hz / from_hz))
    at = np.arange(count) * (from_hz / to_hz)
    resampled: Samples = np.interp(at, np.arange(samples.size), samples).astype(np.int16)
    return resampled
