"""What a tape takes of a processor: a recording's sound taken down once more, alone in a thread.

Beside a whole worker's processor time the tape's is small, and lost in what the rest varies by.
"""

import io
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import uuid4

import av
import numpy as np
from numpy.typing import NDArray

from agent.recording.pieces import PieceFile, PieceFolder
from agent.recording.tape import CYCLE_S, Heard, Reel, Said
from agent.rows import Mandate
from pipeline.audio import AGENT_RATE_HZ, CALLER_RATE_HZ, WINDOW_S
from store.records import SessionId

_DECODED_HZ: Final = 48_000
_FRAME_S: Final = 0.1


def rewound_cpu_s_a_minute(data: bytes) -> float:
    """Seconds of processor time a minute, of the calling thread. Raises `av.FFmpegError`."""
    caller, agent = _sides(data)
    windows = _chopped(caller, CALLER_RATE_HZ, WINDOW_S)
    frames = _chopped(agent, AGENT_RATE_HZ, _FRAME_S)
    lasts_s = len(agent) / AGENT_RATE_HZ
    with TemporaryDirectory() as folder:
        file = PieceFile(PieceFolder(Path(folder), 2**30), Mandate(SessionId(uuid4()), 1))
        reel = Reel(file, began_at=0.0, begins_s=0.0)
        began_s, wound_s = time.thread_time(), 0.0
        while wound_s < lasts_s:
            wound_s += CYCLE_S
            while windows and windows[0][0] + WINDOW_S <= wound_s:
                at, pcm = windows.pop(0)
                reel.put(Heard(at + WINDOW_S, pcm))
            while frames and frames[0][0] <= wound_s:
                reel.put(Said(*frames.pop(0)))
            reel.wind(wound_s - CYCLE_S)
        reel.wind(lasts_s, is_last=True)
        reel.close()
        return (time.thread_time() - began_s) / lasts_s * 60


def _sides(data: bytes) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Each at the rate that a tape gets it at."""
    with av.open(io.BytesIO(data), "r") as container:
        decoded = [frame.to_ndarray() for frame in container.decode(audio=0)]
    sound = np.clip(np.concatenate(decoded, axis=1) * 32767, -32768, 32767).astype(np.int16)
    return sound[0, :: _DECODED_HZ // CALLER_RATE_HZ], sound[1, :: _DECODED_HZ // AGENT_RATE_HZ]


def _chopped(side: NDArray[np.int16], rate_hz: int, of_s: float) -> list[tuple[float, bytes]]:
    """When each part begins, and its sound; what is silent was never put."""
    size = round(of_s * rate_hz)
    parts = [(at / rate_hz, side[at : at + size]) for at in range(0, len(side), size)]
    return [(at, part.tobytes()) for at, part in parts if part.any()]
