"""What the caller heard: received frames and their arrival -> bursts of sound, onsets, silences.

::

    frames    |....|####|####|....|....|....|###.|....|
    bursts          <------->                <->
    spans     gap of 20 ms: two; gap of 50 ms: one

A frame that arrives at t holds samples that a player can sound from t on, so the sample i of it
is heard at t + i / rate. Pure: stamps are arguments, the clock is the caller's.
"""

import wave
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from cli.caller.clip import SPEECH_LEVEL, Samples

BURST_GAP_S = 0.02
"""Shorter gaps between loud samples are within a burst; every query's gap is at least this."""
_FRAMES_A_SECOND = 200
"""Of sound that is there whole: what is silent within a frame goes unseen."""
_MOST_BURSTS = 100_000
"""Hours of talk; beyond it the oldest are forgotten."""


@dataclass(frozen=True)
class SoundSpan:
    """First and last sample at or above the threshold, as heard."""

    started_at: float
    ended_at: float


class Recording:
    """Follows one side's sound. `kept_s` > 0 also keeps that much of it, from the beginning.

    What comes after the kept part is measured all the same, and counted in `dropped_frames`.
    """

    def __init__(self, rate_hz: int, *, level: float = SPEECH_LEVEL, kept_s: float = 0.0) -> None:
        self.rate_hz = rate_hz
        self.frames = 0
        self.dropped_frames = 0
        self._threshold = level * 32768
        self._bursts: deque[SoundSpan] = deque(maxlen=_MOST_BURSTS)
        self._kept: list[tuple[float, Samples]] = []
        self._room_left = int(kept_s * rate_hz)

    @classmethod
    def of(cls, sound: Samples, rate_hz: int) -> Self:
        """Sound that is there whole, on a timeline of its own: its first sample is heard at 0."""
        recording, step = cls(rate_hz), rate_hz // _FRAMES_A_SECOND
        for start in range(0, len(sound), step):
            recording.add(sound[start : start + step], start / rate_hz)
        return recording

    def add(self, samples: Samples, arrived_at: float) -> None:
        """Take one frame. Frames come in order of arrival."""
        self.frames += 1
        loud = np.flatnonzero(np.abs(samples.astype(np.int32)) >= self._threshold)
        if loud.size:
            first = arrived_at + int(loud[0]) / self.rate_hz
            self._extend(SoundSpan(first, arrived_at + int(loud[-1]) / self.rate_hz))
        self._keep(samples, arrived_at)

    def spans(self, gap_s: float, since: float = float("-inf")) -> list[SoundSpan]:
        """Stretches of sound; a gap longer than `gap_s` ends one. The last may still grow.

        Only bursts that end at or after `since` count: a stretch under way then may be cut.
        """
        joined: list[SoundSpan] = []
        for burst in self._since(since):
            if joined and burst.started_at - joined[-1].ended_at <= gap_s:
                joined[-1] = SoundSpan(joined[-1].started_at, burst.ended_at)
            else:
                joined.append(burst)
        return joined

    def onset_after(self, moment: float) -> float | None:
        """When sound first began at or after `moment`; sound that runs on over it is none."""
        return next((b.started_at for b in self._since(moment) if b.started_at >= moment), None)

    def is_sounding(self, moment: float, gap_s: float) -> bool:
        """Whether `moment` lies in a stretch of sound, gaps up to `gap_s` included."""
        return any(s.started_at <= moment for s in self.spans(gap_s, since=moment - gap_s))

    def silence_after(self, moment: float, gap_s: float, now: float) -> float | None:
        """When the sound of `moment` ended: its last loud sample before a gap over `gap_s`.

        `moment` itself where nothing sounded then; None while `now` cannot tell yet.
        """
        span = next(iter(self.spans(gap_s, since=moment - gap_s)), None)
        if span is None or span.started_at > moment:
            return moment
        return span.ended_at if now - span.ended_at > gap_s else None

    def quiet_s(self, now: float) -> float | None:
        """Seconds since the last loud sample, None where there never was one."""
        return now - self._bursts[-1].ended_at if self._bursts else None

    def samples(self, since: float = float("-inf"), until: float = float("inf")) -> Samples:
        """The kept sound of a stretch on its true timeline: missing frames are silence."""
        frames = [(at, part) for at, part in self._kept if since <= at < until]
        if not frames:
            return np.zeros(0, np.int16)
        parts: list[Samples] = []
        filled = 0
        for at, part in frames:
            missing = round((at - frames[0][0]) * self.rate_hz) - filled
            # Frames arrive with jitter; only a hole that jitter cannot explain is filled.
            if missing > 0.1 * self.rate_hz:
                parts.append(np.zeros(missing, np.int16))
                filled += missing
            parts.append(part)
            filled += len(part)
        return np.concatenate(parts)

    def write_wav(self, path: Path) -> None:
        """Write the kept sound as mono PCM16. Raises OSError."""
        with path.open("wb") as file, wave.open(file, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(self.rate_hz)
            out.writeframes(self.samples().astype("<i2").tobytes())

    def _extend(self, sound: SoundSpan) -> None:
        if self._bursts and sound.started_at - self._bursts[-1].ended_at <= BURST_GAP_S:
            sound = SoundSpan(self._bursts.pop().started_at, sound.ended_at)
        self._bursts.append(sound)

    def _keep(self, samples: Samples, arrived_at: float) -> None:
        if self._room_left >= len(samples):
            self._room_left -= len(samples)
            self._kept.append((arrived_at, samples))
        else:
            self.dropped_frames += 1

    def _since(self, moment: float) -> list[SoundSpan]:
        """Bursts that end at or after `moment`, in order; searched from the end, where they are."""
        found: list[SoundSpan] = []
        for burst in reversed(self._bursts):
            if burst.ended_at < moment:
                break
            found.append(burst)
        return found[::-1]
