"""Sound as clients send it that was recorded before the agent was there."""

import io

import av
import numpy as np
from numpy.typing import NDArray

TONE_HZ = 440.0


def tone(seconds: float, rate_hz: int, n_channels: int = 1) -> NDArray[np.int16]:
    """Samples of all channels in turn."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    samples = (8000 * np.sin(2 * np.pi * TONE_HZ * t)).astype(np.int16)
    return np.repeat(samples, n_channels)


def in_file(seconds: float, *, file_format: str, codec: str, rate_hz: int = 48_000) -> bytes:
    """The same as a browser's recorder writes it."""
    written = io.BytesIO()
    with av.open(written, "w", format=file_format) as container:
        stream = container.add_stream(codec, rate=rate_hz, layout="mono")
        assert isinstance(stream, av.AudioStream)
        samples = tone(seconds, rate_hz).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = rate_hz
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    return written.getvalue()


def pitch_hz(windows: list[bytes]) -> float:
    """What is loudest in it, heard at 16 kHz."""
    samples = np.frombuffer(b"".join(windows), np.int16).astype(np.float64)
    loudness = np.abs(np.fft.rfft(samples))
    return float(np.argmax(loudness) * 16_000 / len(samples))
