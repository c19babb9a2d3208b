"""Two channels of sound → Opus packets, cheaply: each is a stream of its own (RFC 7845, 5.1.1.2).
Neither is heard on the other, and a silent one costs nothing: silence is encoded once and repeated.

    caller, 16 kHz ─▶ packet, its length told ─┐
    agent, 24 kHz  ─▶ packet ──────────────────┴─▶ one packet of the file
"""

import struct
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from pipeline.audio import AGENT_RATE_HZ, CALLER_RATE_HZ

PACKET_S: Final = 0.06
GRANULES: Final = round(48_000 * PACKET_S)
BIT_RATE: Final = 32_000
"""Of a channel in which there is sound."""
_HEAD: Final = struct.Struct("<8sBBHIhBBB2s")
_LEAD_AT: Final = slice(10, 12)
_SILENT: Final = 45
"""Root mean square of 32768, -57 dBFS: a quiet room, which costs as much as what is said in it."""
_SETTLED: Final = 3
"""Packets after which silence looks like silence, and encoder and decoder agree on it."""

Samples = NDArray[np.int16]


class StereoOpus:
    """Encodes packets of 60 ms, each side's samples at its own rate; one stream's, in order."""

    def __init__(self) -> None:
        self._caller = MonoOpus(CALLER_RATE_HZ)
        self._agent = MonoOpus(AGENT_RATE_HZ)

    @property
    def head(self) -> bytes:
        """The codec's own header, as it stands in a file: two channels, each a stream."""
        lead = int.from_bytes(self._agent.lead, "little")
        assert self._caller.lead == self._agent.lead, "or the sides would part"
        return _HEAD.pack(b"OpusHead", 1, 2, lead, AGENT_RATE_HZ, 0, 1, 2, 0, b"\x00\x01")

    def encode(self, caller: Samples, agent: Samples) -> bytes:
        """One packet."""
        return delimited(self._caller.encode(caller)) + self._agent.encode(agent)


class MonoOpus:
    """Encodes one side's packets."""

    def __init__(self, rate_hz: int) -> None:
        codec = av.CodecContext.create("libopus", "w")
        assert isinstance(codec, av.AudioCodecContext)
        codec.sample_rate = rate_hz
        codec.layout = "mono"
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
    def lead(self) -> bytes:
        """How much of the beginning is to be passed over, as a header tells it."""
        assert self._codec.extradata is not None
        return self._codec.extradata[_LEAD_AT]

    def encode(self, samples: Samples) -> bytes:
        """One packet, of as many samples as are in it."""
        level = samples.astype(np.float32)
        is_silent = float(level @ level) <= _SILENT**2 * len(samples)
        self._n_silent = self._n_silent + 1 if is_silent else 0
        if self._n_silent > _SETTLED:
            return self._silence
        self._silence = self._encoded(np.zeros_like(samples) if is_silent else samples)
        return self._silence

    def _encoded(self, samples: Samples) -> bytes:
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(samples))
        frame.sample_rate = self._codec.sample_rate
        frame.pts = self._n * len(samples)
        frame.planes[0].update(samples.tobytes())
        self._n += 1
        (packet,) = self._codec.encode(frame)
        return bytes(packet)


def delimited(packet: bytes) -> bytes:
    """One whose end is known: it tells the length of its last frame too (RFC 6716, appendix B)."""
    assert packet[0] & 3 == 3, "of 60 ms: three of the codec's frames"
    assert not packet[1] & 0x40, "without padding"
    n_frames, at, told = packet[1] & 0x3F, 2, 0
    if packet[1] & 0x80:
        for _ in range(n_frames - 1):
            size = packet[at]
            if size >= 252:
                at += 1
                size += 4 * packet[at]
            at += 1
            told += size
        last = len(packet) - at - told
    else:
        last = (len(packet) - at) // n_frames
    return packet[:at] + _length(last) + packet[at:]


def _length(n: int) -> bytes:
    if n < 252:
        return bytes([n])
    first = 252 + n % 4
    return bytes([first, (n - first) // 4])


def silence() -> bytes:
    """A packet in which nothing is heard, for where two streams are put together."""
    encoder = StereoOpus()
    nothing = [
        np.zeros(round(rate_hz * PACKET_S), np.int16) for rate_hz in (CALLER_RATE_HZ, AGENT_RATE_HZ)
    ]
    return [encoder.encode(*nothing) for _ in range(_SETTLED)][-1]
