"""Two channels of sound → Opus packets, cheaply: silence is encoded once and then repeated."""

from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

RATE_HZ: Final = 24_000
PACKET_S: Final = 0.06
PACKET_SAMPLES: Final = round(RATE_HZ * PACKET_S)
GRANULES: Final = round(48_000 * PACKET_S)
BIT_RATE: Final = 48_000
"""Below it the encoder lets each channel be heard on the other."""
_SILENT: Final = 4
"""Of 32768: what a dithering converter makes of nothing."""
_SETTLED: Final = 3
"""Packets after which silence looks like silence, and encoder and decoder agree on it."""

Samples = NDArray[np.int16]


class StereoOpus:
    """Encodes packets of 60 ms; one stream's, in order."""

    def __init__(self) -> None:
        codec = av.CodecContext.create("libopus", "w")
        assert isinstance(codec, av.AudioCodecContext)
        codec.sample_rate = RATE_HZ
        codec.layout = "stereo"
        codec.format = "s16"
        codec.bit_rate = BIT_RATE
        # Low delay is the part of Opus that costs least, and that knows silence for what it is.
        codec.options = {
            "application": "lowdelay",
            "compression_level": "0",
            "frame_duration": f"{1000 * PACKET_S:.0f}",
        }
        codec.open()
        self._codec = codec
        self._n = 0
        self._n_silent = 0
        self._silence = b""

    @property
    def head(self) -> bytes:
        """The codec's own header, as it stands in a file."""
        assert self._codec.extradata is not None
        return self._codec.extradata

    def encode(self, left: Samples, right: Samples) -> bytes:
        """One packet, of `PACKET_SAMPLES` a channel."""
        is_silent = max(_loudest(left), _loudest(right)) <= _SILENT
        self._n_silent = self._n_silent + 1 if is_silent else 0
        if self._n_silent > _SETTLED:
            return self._silence
        if is_silent:
            left = right = np.zeros(PACKET_SAMPLES, np.int16)
        self._silence = self._encoded(np.stack([left, right], axis=1))
        return self._silence

    def _encoded(self, interleaved: Samples) -> bytes:
        frame = av.AudioFrame(format="s16", layout="stereo", samples=PACKET_SAMPLES)
        frame.sample_rate = RATE_HZ
        frame.pts = self._n * PACKET_SAMPLES
        frame.planes[0].update(interleaved.tobytes())
        self._n += 1
        (packet,) = self._codec.encode(frame)
        return bytes(packet)


def silence() -> bytes:
    """A packet in which nothing is heard, for where two streams are put together."""
    encoder, nothing = StereoOpus(), np.zeros(PACKET_SAMPLES, np.int16)
    return [encoder.encode(nothing, nothing) for _ in range(_SETTLED)][-1]


def _loudest(samples: Samples) -> int:
    return max(int(samples.max()), -int(samples.min()))
