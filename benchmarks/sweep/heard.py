"""A call as the pipeline hears it: windows, and what a recogniser hears in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.clips import RATE_HZ, ClipRecord, read
from benchmarks.codec import through_opus
from cli.caller.clip import Samples
from cli.caller.microphone import NOISE_LEVEL
from pipeline.audio import WINDOW_S, WINDOW_SAMPLES
from pipeline.detector import new_detector
from pipeline.ear import Ear, Window
from sandbox.speech_gate import Heard, SpeechGate

LEAD_S: Final = 1.0
"""A room before the clip: the ear knows it when the speech comes."""
TAIL_S: Final = 3.0
"""A room after it: longer than any policy waits."""


@dataclass(frozen=True)
class HeardClip:
    """`windows` of the room, the clip, the room again; of each its voice, and the silence at its
    end, as a recogniser counts them. Times are seconds from the call's start."""

    record: ClipRecord
    started_at: float
    windows: tuple[Window, ...]
    recognised: tuple[Heard, ...]

    @property
    def speech_ended_at(self) -> float:
        return self.moment(self.record.speech_end_ms)

    def moment(self, clip_ms: int) -> float:
        return self.started_at + LEAD_S + clip_ms / 1000


def hear_call(records: Sequence[ClipRecord]) -> list[HeardClip]:
    """One after the other."""
    heard: list[HeardClip] = []
    for record in records:
        before = heard[-1] if heard else None
        heard.append(_hear(record, before.windows[-1].at if before else 0.0))
    return heard


def _hear(record: ClipRecord, started_at: float) -> HeardClip:
    """Through the codec, the native detector and the ear: all that no policy changes."""
    clip = read(record).samples
    room = _room(len(clip))
    sent = np.concatenate((room[: int(LEAD_S * RATE_HZ)], clip, room[: int(TAIL_S * RATE_HZ)]))
    samples = through_opus(sent, RATE_HZ)
    detector, ear, gate = new_detector(), Ear(), SpeechGate(RATE_HZ, silence_ms=1_000_000)
    windows: list[Window] = []
    recognised: list[Heard] = []
    for index in range(len(samples) // WINDOW_SAMPLES):
        part = samples[index * WINDOW_SAMPLES : (index + 1) * WINDOW_SAMPLES]
        pcm = part.astype("<i2").tobytes()
        at = started_at + (index + 1) * WINDOW_S
        windows.append(ear.listen(pcm, probability=detector.predict(pcm), at=at))
        recognised.append(gate.hear(part))
    return HeardClip(record, started_at, tuple(windows), tuple(recognised))


def _room(seed: int) -> Samples:
    size = int(max(LEAD_S, TAIL_S) * RATE_HZ)
    noise = np.random.default_rng(seed).normal(0.0, NOISE_LEVEL * 32768, size)
    return noise.astype(np.int16)
