"""Sound that is recorded, and what a recording sounds like."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import uuid4

import av
import numpy as np
from numpy.typing import NDArray

from agent.recording.pieces import PieceFile, PieceFolder
from agent.recording.tape import CYCLE_S, LATE_S, Cut, Heard, Reel, Said
from agent.records.rows import Mandate
from pipeline.audio import AGENT_RATE_HZ, CALLER_RATE_HZ, WINDOW_S, WINDOW_SAMPLES
from store.records import SessionId

BEGAN_AT: Final = 1000.0
DECODED_HZ: Final = 48_000
ALIGNED_S: Final = 0.03

Decoded = NDArray[np.float32]
Spans = list[tuple[float, float]]
Events = list[Heard | Said | Cut]


def tone(rate_hz: int, duration_s: float, hz: float = 400) -> bytes:
    at = np.arange(round(rate_hz * duration_s)) / rate_hz
    return (8000 * np.sin(2 * np.pi * hz * at)).astype(np.int16).tobytes()


def windows(begin_s: float, duration_s: float) -> list[Heard]:
    """The caller sounds for so long, each window told of when it is whole."""
    sound = tone(CALLER_RATE_HZ, duration_s)
    size = 2 * WINDOW_SAMPLES
    return [
        Heard(BEGAN_AT + begin_s + (n + 1) * WINDOW_S, sound[n * size : (n + 1) * size])
        for n in range(len(sound) // size)
    ]


def said(begin_s: float, duration_s: float) -> list[Said]:
    """The agent's sound, told of ahead of time in frames of 100 ms."""
    return [
        Said(BEGAN_AT + begin_s + n / 10, tone(AGENT_RATE_HZ, 0.1))
        for n in range(round(10 * duration_s))
    ]


def recorded(
    folder: Path,
    events: Sequence[Heard | Said | Cut],
    until_s: float,
    *,
    begins_s: float = 0.0,
    mandate: Mandate | None = None,
) -> bytes:
    """The file, wound on as a tape would: what is told of has happened, or is about to."""
    mandate = mandate or Mandate(SessionId(uuid4()), 1)
    file = PieceFile(PieceFolder(folder, 10**9), mandate)
    reel = Reel(file, began_at=BEGAN_AT, begins_s=begins_s)
    rest = sorted(events, key=lambda one: one.at - (0.1 if isinstance(one, Said) else 0))
    now = BEGAN_AT + begins_s
    while now < BEGAN_AT + until_s:
        now += CYCLE_S
        while rest and rest[0].at <= now:
            reel.put(rest.pop(0))
        reel.wind(now - LATE_S)
    reel.wind(BEGAN_AT + until_s, is_last=True)
    reel.close()
    (path,) = folder.glob(f"{mandate.session_id}-{mandate.epoch}-*")
    return path.read_bytes()


def decoded(data: bytes) -> Decoded:
    """Both channels at 48 kHz."""
    with av.open(io.BytesIO(data), "r") as container:
        frames = [frame.to_ndarray() for frame in container.decode(audio=0)]
    return np.concatenate(frames, axis=1)


def sounds(channel: Decoded) -> Spans:
    """Where it is not silent, from and to, in seconds; pauses under 50 ms are none."""
    is_loud = np.flatnonzero(np.abs(channel) > 0.02)
    if not len(is_loud):
        return []
    breaks = np.flatnonzero(np.diff(is_loud) > 0.05 * DECODED_HZ)
    begins = [is_loud[0], *is_loud[breaks + 1]]
    ends = [*is_loud[breaks], is_loud[-1]]
    return [(b / DECODED_HZ, e / DECODED_HZ) for b, e in zip(begins, ends, strict=True)]
