"""A microphone that never stops: room noise, and clips in it when asked.

Frames of 10 ms are handed over at absolute deadlines of one clock, straight into the encoder (the
source keeps no queue), so the moment a sample left is known to the handing-over of its frame::

    deadline   k          k+1         k+2
               |           |           |
    frame      ......ssss  ssssssssss  ss........     s: speech
                     ^ first_speech_at  ^ last_speech_at

A frame is handed over when its last sample was captured, so sample j of n is stamped
`handed over - (n - 1 - j) / rate`, as it would leave a mouth before a real microphone.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from livekit import rtc

from cli.caller.clip import Clip, Samples
from cli.caller.errors import CallerError

FRAME_S: Final = 0.010
NOISE_LEVEL: Final = 0.001
"""RMS of the room's noise, -60 dBFS: a quiet room, and no digital silence that no room has."""
_HAND_OVER_TIMEOUT_S: Final = 2.0
_OVERRUN_S: Final = 0.2
"""A process held up for longer has lost that sound, like a sound card: no burst makes up for it."""


@dataclass(frozen=True)
class PlayedSpan:
    """When a clip's speech left. `worst_lateness_s`: the latest any of its frames was."""

    first_speech_at: float
    last_speech_at: float
    worst_lateness_s: float


@dataclass
class Playing:
    """A clip on its way out, frame by frame; `done` resolves when its last frame was handed over.

    One that is cancelled is not played on.
    """

    clip: Clip
    done: asyncio.Future[PlayedSpan]
    position: int = 0
    worst_lateness_s: float = 0.0
    stamps: dict[int, float] = field(default_factory=dict)

    def next_frame(self, size: int) -> Samples:
        part = self.clip.samples[self.position : self.position + size]
        return np.pad(part, (0, size - len(part)))

    def handed_over(self, size: int, at: float, lateness_s: float) -> None:
        """Advance by a frame of `size` samples."""
        self.worst_lateness_s = max(self.worst_lateness_s, lateness_s)
        end = self.position + size
        for sample in (self.clip.first_speech, self.clip.last_speech):
            if self.position <= sample < end:
                self.stamps[sample] = at - (end - 1 - sample) / self.clip.rate_hz
        self.position = end
        if end >= len(self.clip.samples) and not self.done.done():
            self.done.set_result(
                PlayedSpan(
                    first_speech_at=self.stamps[self.clip.first_speech],
                    last_speech_at=self.stamps[self.clip.last_speech],
                    worst_lateness_s=self.worst_lateness_s,
                )
            )

    @property
    def is_over(self) -> bool:
        return self.done.done()


class Microphone:
    """Its owner runs `run` as a task, and calls `aclose` when that has ended."""

    def __init__(
        self, rate_hz: int = 16_000, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.rate_hz = rate_hz
        self.overruns = 0
        self._clock = clock
        self._source = rtc.AudioSource(rate_hz, 1, queue_size_ms=0)
        self._size = int(rate_hz * FRAME_S)
        self._noise = _room_noise(self._size)
        self._playing: Playing | None = None

    def create_track(self) -> rtc.LocalAudioTrack:
        return rtc.LocalAudioTrack.create_audio_track("microphone", self._source)

    async def play(self, clip: Clip) -> PlayedSpan:
        """Speak a clip; returns when its last frame was handed over. One at a time.

        Cancelling stops the clip at the next frame. Raises CallerError while another plays, or
        for a clip of another rate.
        """
        if self._playing is not None and not self._playing.is_over:
            raise CallerError("the microphone already plays a clip")
        if clip.rate_hz != self.rate_hz:
            raise CallerError(f"{clip.name}: {clip.rate_hz} Hz into a {self.rate_hz} Hz microphone")
        self._playing = Playing(clip, asyncio.get_running_loop().create_future())
        return await self._playing.done

    async def run(self) -> None:
        """Hand over frames until cancelled. Raises TimeoutError when the source takes none."""
        started_at = self._clock()
        index = 0
        while True:
            deadline = started_at + index * FRAME_S
            await asyncio.sleep(max(0.0, deadline - self._clock()))
            lateness_s = self._clock() - deadline
            if lateness_s > _OVERRUN_S:
                self.overruns += 1
                started_at += lateness_s
            await self._hand_over(index, lateness_s)
            index += 1

    async def aclose(self) -> None:
        if self._playing is not None and not self._playing.is_over:
            self._playing.done.cancel()
        await self._source.aclose()

    async def _hand_over(self, index: int, lateness_s: float) -> None:
        playing = self._playing if self._playing and not self._playing.is_over else None
        samples = (
            playing.next_frame(self._size) if playing else self._noise[index % len(self._noise)]
        )
        frame = rtc.AudioFrame(samples.tobytes(), self.rate_hz, 1, self._size)
        at = self._clock()
        async with asyncio.timeout(_HAND_OVER_TIMEOUT_S):
            await self._source.capture_frame(frame)
        if playing:
            playing.handed_over(self._size, at, lateness_s)


def _room_noise(frame_size: int) -> Samples:
    """Two seconds of noise as frames, the same in every run."""
    noise = np.random.default_rng(0).normal(0.0, NOISE_LEVEL * 32768, (200, frame_size))
    return noise.astype(np.int16)
