"""The room's sound ↔ the pipeline's: the caller's microphone and the agent's track."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from livekit import rtc

from agent.recording.tape import Tape
from pipeline.audio import AGENT_RATE_HZ, CALLER_RATE_HZ, WINDOW_BYTES, WINDOW_S

QUEUE_MS: Final = 400
"""Room for two of the pipeline's frames and more; a push waits where it is full."""
BITRATE_BPS: Final = 80_000
"""From 76 kbit/s on the encoder treats a voice, and the silence between answers, as it does music:
at half the processor time. Where packets are lost it goes back by itself."""
WAITING_FRAMES: Final = 64
"""Two seconds of the caller's sound. Should the loop stall for longer, the oldest is dropped."""
UNDER_WAY_S: Final = 1.0
"""From the agent's queue to the caller's ear, at most. 0.4 s on the way: networks are not planned
for more (ITU-T G.114). The rest in the caller's device: its jitter buffer, which begins with 80 ms
and then keeps what 95 of 100 packets need (WebRTC's NetEq), and a loudspeaker's, some 0.2 s by
Bluetooth. LiveKit tells a sender how its sound comes to LiveKit, not how it goes on from there."""


class RoomPlayout:
    """Implements `pipeline.ports.Playout` on the agent's published track. A tape takes down what
    is played."""

    def __init__(self, source: rtc.AudioSource, tape: Tape | None = None) -> None:
        self._source = source
        self._tape = tape
        self._ends_at = float("-inf")

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, tape: Tape | None = None
    ) -> AsyncIterator[tuple["RoomPlayout", rtc.LocalAudioTrack]]:
        """A playout and the track to publish; the source is closed on leaving."""
        source = rtc.AudioSource(AGENT_RATE_HZ, 1, queue_size_ms=QUEUE_MS)
        try:
            yield cls(source, tape), rtc.LocalAudioTrack.create_audio_track("agent", source)
        finally:
            await source.aclose()

    async def push(self, pcm: bytes) -> None:
        """Queue sound, 16-bit mono at 24 kHz."""
        if self._tape is not None:
            self._tape.said(pcm, in_s=self.queued_s)
        await self._source.capture_frame(rtc.AudioFrame(pcm, AGENT_RATE_HZ, 1, len(pcm) // 2))
        self._ends_at = _now() + self.queued_s

    @property
    def queued_s(self) -> float:
        """Seconds pushed and not played."""
        return self._source.queued_duration

    @property
    def under_way_s(self) -> float:
        """Seconds until the caller can have heard all that was pushed."""
        return max(0.0, self._ends_at + UNDER_WAY_S - _now())

    def clear(self) -> None:
        """Silence at once."""
        if self._tape is not None:
            self._tape.cut()
        self._ends_at = min(self._ends_at, _now())
        self._source.clear_queue()


def _now() -> float:
    return asyncio.get_running_loop().time()


def publishing() -> rtc.TrackPublishOptions:
    """How the agent's track is to be published."""
    options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
    options.audio_encoding.max_bitrate = BITRATE_BPS
    return options


async def windows(track: rtc.Track, tape: Tape | None = None) -> AsyncIterator[bytes]:
    """The track's sound as windows of 512 samples at 16 kHz, until it is unsubscribed. A tape takes
    down each as it comes."""
    stream = rtc.AudioStream(
        track,
        capacity=WAITING_FRAMES,
        sample_rate=CALLER_RATE_HZ,
        num_channels=1,
        frame_size_ms=round(1000 * WINDOW_S),
    )
    try:
        async for event in stream:
            pcm = bytes(event.frame.data)
            if len(pcm) == WINDOW_BYTES:
                if tape is not None:
                    tape.heard(pcm)
                yield pcm
    finally:
        await asyncio.shield(stream.aclose())
