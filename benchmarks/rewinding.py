"""What a tape takes of a processor: a recording's sound taken down once more, alone in a thread.

Beside a whole worker's processor time the tape's is small, and lost in what the rest varies by.
"""

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from agent.recording.pieces import PieceFile, PieceFolder
from agent.recording.tape import CYCLE_S, Heard, Reel, Said
from agent.records.rows import Mandate
from cli.heard_latency import RATE_HZ, sides_of
from pipeline.audio import AGENT_RATE_HZ, CALLER_RATE_HZ, WINDOW_S
from store.records import SessionId

_FRAME_S: Final = 0.1


def rewound_cpu_s_a_minute(data: bytes) -> float:
    """Seconds of processor time a minute, of the calling thread. Raises `av.FFmpegError`."""
    # Each at the rate that a tape gets it at.
    caller, agent = sides_of(data)
    caller, agent = caller[:: RATE_HZ // CALLER_RATE_HZ], agent[:: RATE_HZ // AGENT_RATE_HZ]
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


def _chopped(side: NDArray[np.int16], rate_hz: int, of_s: float) -> list[tuple[float, bytes]]:
    """When each part begins, and its sound; what is silent was never put."""
    size = round(of_s * rate_hz)
    parts = [(at / rate_hz, side[at : at + size]) for at in range(0, len(side), size)]
    return [(at, part.tobytes()) for at, part in parts if part.any()]
