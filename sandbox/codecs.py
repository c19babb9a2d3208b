"""PCM16 samples -> the codecs that the provider offers, as a stream."""

import io
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, cast

import av
import av.audio
import av.container
import numpy as np

from sandbox import g711
from sandbox.ports import Samples

_UNKNOWN_SIZE = 0xFFFFFFFF
"""What the provider writes into a header before it knows how much follows."""
_OPUS_RATES_HZ = (8000, 12000, 16000, 24000, 48000)


class Encoder(Protocol):
    """One continuous piece of audio. ``finish`` gives what is still inside, once."""

    def encode(self, samples: Samples) -> bytes: ...

    def finish(self) -> bytes: ...


@dataclass(frozen=True)
class Codec:
    content_type: str
    mime: str
    """Of the HTTP stream."""
    open: Callable[[int, str], Encoder]
    """Sample rate in Hz, bit rate such as ``128k``."""


class _Raw:
    """Sample-by-sample codecs: nothing stays inside."""

    def __init__(self, convert: Callable[[Samples], bytes], header: bytes = b"") -> None:
        self._convert = convert
        self._header = header

    def encode(self, samples: Samples) -> bytes:
        header, self._header = self._header, b""
        return header + self._convert(samples)

    def finish(self) -> bytes:
        return b""


def to_linear16(samples: Samples) -> bytes:
    return samples.astype("<i2", copy=False).tobytes()


def wav_header(rate_hz: int, data_bytes: int | None = None) -> bytes:
    """``data_bytes`` None: the header of a stream of unknown length."""
    data_size = _UNKNOWN_SIZE if data_bytes is None else data_bytes
    riff_size = _UNKNOWN_SIZE if data_bytes is None else 36 + data_bytes
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate_hz, rate_hz * 2, 2, 16)
    return (
        struct.pack("<4sI4s", b"RIFF", riff_size, b"WAVE")
        + form
        + struct.pack("<4sI", b"data", data_size)
    )


class _Sink(io.RawIOBase):
    """Where the muxer writes; not seekable, so that it streams."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


class _Muxed:
    """Codecs that need FFmpeg, through PyAV."""

    def __init__(self, rate_hz: int, bitrate: str, container: str, codec: str) -> None:
        out_hz = rate_hz
        if codec == "libopus":
            out_hz = next((rate for rate in _OPUS_RATES_HZ if rate >= rate_hz), 48000)
        self._rate_hz = rate_hz
        self._sink = _Sink()
        self._container = av.open(self._sink, "w", format=container)
        stream = self._container.add_stream(codec, rate=out_hz)
        self._stream = cast(av.audio.AudioStream, stream)
        self._stream.codec_context.layout = "mono"
        if codec != "flac":
            self._stream.codec_context.bit_rate = int(bitrate.removesuffix("k")) * 1000
        self._container.start_encoding()
        context = self._stream.codec_context
        self._resampler = av.AudioResampler(
            format=context.format, layout="mono", rate=out_hz, frame_size=context.frame_size or None
        )

    def encode(self, samples: Samples) -> bytes:
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = self._rate_hz
        self._mux(self._resampler.resample(frame))
        return self._sink.take()

    def finish(self) -> bytes:
        self._mux(self._resampler.resample(None))
        self._container.mux(self._stream.encode(None))
        self._container.close()
        return self._sink.take()

    def _mux(self, frames: Iterable[av.AudioFrame]) -> None:
        for frame in frames:
            self._container.mux(self._stream.encode(frame))


def _muxed(container: str, codec: str) -> Callable[[int, str], Encoder]:
    return lambda rate_hz, bitrate: _Muxed(rate_hz, bitrate, container, codec)


def _raw(convert: Callable[[Samples], bytes]) -> Callable[[int, str], Encoder]:
    return lambda rate_hz, bitrate: _Raw(convert)


CODECS: dict[str, Codec] = {
    "mp3": Codec("audio/mp3", "audio/mpeg", _muxed("mp3", "libmp3lame")),
    "wav": Codec(
        "audio/wav", "audio/wav", lambda rate_hz, _: _Raw(to_linear16, wav_header(rate_hz))
    ),
    "linear16": Codec("audio/pcm", "audio/pcm", _raw(to_linear16)),
    "mulaw": Codec("audio/mulaw", "audio/basic", _raw(g711.encode_mulaw)),
    "alaw": Codec("audio/alaw", "audio/x-alaw-basic", _raw(g711.encode_alaw)),
    "opus": Codec("audio/opus", "audio/ogg", _muxed("ogg", "libopus")),
    "flac": Codec("audio/flac", "audio/flac", _muxed("flac", "flac")),
    "aac": Codec("audio/aac", "audio/aac", _muxed("adts", "aac")),
}


def encode_whole(samples: Samples, codec: str, rate_hz: int, bitrate: str) -> bytes:
    """A finished file; a WAV knows its size then."""
    if codec == "wav":
        data = to_linear16(samples)
        return wav_header(rate_hz, len(data)) + data
    encoder = CODECS[codec].open(rate_hz, bitrate)
    return encoder.encode(np.ascontiguousarray(samples)) + encoder.finish()
