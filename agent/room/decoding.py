"""Sound as clients record it, in a file or as mere samples → windows that the pipeline hears."""

import io
from collections.abc import Iterator
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from pipeline.audio import CALLER_RATE_HZ, WINDOW_BYTES

FORMATS: Final = {b"\x1a\x45\xdf\xa3": "matroska", b"OggS": "ogg"}
"""What browsers write, by how it begins; Safari's begins with a length, then `ftyp`."""
RATES_HZ: Final = range(8_000, 96_001)
CHANNELS: Final = {1: "mono", 2: "stereo"}


class UndecodableError(Exception):
    """It is not what it says it is, or longer than it may be."""


def decoded(sound: bytes, *, rate_hz: int, n_channels: int, max_s: float) -> list[bytes]:
    """Windows of 512 samples at 16 kHz. Samples are 16-bit, of this rate and so many channels; a
    file says itself what it holds. Raises `UndecodableError`."""
    n_left = round(max_s * CALLER_RATE_HZ)
    parts: list[NDArray[np.int16]] = []
    try:
        for part in _resampled(_frames(sound, rate_hz, n_channels)):
            parts.append(part)
            n_left -= len(part)
            if n_left < 0:
                raise UndecodableError(f"longer than {max_s:g} s")
    except av.error.FFmpegError as exc:
        raise UndecodableError(exc.strerror) from exc
    pcm = np.concatenate(parts).tobytes() if parts else b""
    return [
        pcm[at : at + WINDOW_BYTES].ljust(WINDOW_BYTES, b"\0")
        for at in range(0, len(pcm), WINDOW_BYTES)
    ]


def _frames(sound: bytes, rate_hz: int, n_channels: int) -> Iterator[av.AudioFrame]:
    if file_format := _format_of(sound):
        with av.open(io.BytesIO(sound), mode="r", format=file_format) as container:
            if not container.streams.audio:
                raise UndecodableError("no sound")
            yield from container.decode(audio=0)
        return
    if rate_hz not in RATES_HZ or n_channels not in CHANNELS:
        raise UndecodableError(f"{n_channels} channels of {rate_hz} Hz")
    whole = sound[: len(sound) - len(sound) % (2 * n_channels)]
    step = 2 * n_channels * rate_hz
    for at in range(0, len(whole), step):
        samples = np.frombuffer(whole[at : at + step], np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout=CHANNELS[n_channels])
        frame.sample_rate = rate_hz
        yield frame


def _format_of(sound: bytes) -> str | None:
    """None: mere samples."""
    if sound[4:8] == b"ftyp":
        return "mp4"
    return FORMATS.get(sound[:4])


def _resampled(frames: Iterator[av.AudioFrame]) -> Iterator[NDArray[np.int16]]:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=CALLER_RATE_HZ)
    for frame in frames:
        for part in resampler.resample(frame):
            yield part.to_ndarray().reshape(-1).astype(np.int16)
    for part in resampler.resample(None):
        yield part.to_ndarray().reshape(-1).astype(np.int16)
