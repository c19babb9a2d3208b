"""Takes down what a session sounds like, beside its loop: the loop only says what came and went.

    caller's windows ─┐  at most    a thread of its own, each 0.4 s
    agent's frames  ──┼──queue──▶   0.4 s late: what is cut or held up is known by then
    cuts            ──┘             mixed by the clock ─▶ Opus ─▶ pages ─▶ the piece's file

What a job that is killed has not written by then is less than a second. A disk that refuses keeps
nobody waiting: what was to be written is tried again with the next page.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass
from typing import Final

import numpy as np

from agent.recording.channels import EARLY_S, SLACK_S, Channel, begins_of
from agent.recording.joining import comment_of
from agent.recording.ogg import Paginator
from agent.recording.opus import GRANULES, PACKET_S, StereoOpus
from agent.recording.pieces import PieceFile
from core.metrics import RECORDING_SECONDS_LOST
from pipeline.audio import AGENT_RATE_HZ, CALLER_RATE_HZ, WINDOW_S

log = logging.getLogger(__name__)

CYCLE_S: Final = 0.4
LATE_S: Final = 0.3
"""What comes within it tells when that before it came: a window alone may have been held up."""
BEAT_S: Final = 0.1
"""A loop that is stalled shows by its own beat: nothing is taken for silence that it has yet to
tell of."""
FINISH_S: Final = 2.0
"""A disk that takes longer keeps nobody."""
MOST_QUEUED: Final = 2000
"""Half a minute of both sides, should the thread be held up; what comes then is lost."""
MOST_UNWRITTEN_BYTES: Final = 16 * 2**20
"""An hour of talk that no disk takes."""
_CALLER_SAMPLES: Final = round(CALLER_RATE_HZ * PACKET_S)
_AGENT_SAMPLES: Final = round(AGENT_RATE_HZ * PACKET_S)

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Heard:
    """A window of the caller's, whole by then."""

    at: float
    pcm: bytes


@dataclass(frozen=True, slots=True)
class Said:
    """Sound of the agent's that begins then."""

    at: float
    pcm: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    """What the agent was to say after that is not heard."""

    at: float


class Tape:
    """One job's recording of a session. `heard`, `said` and `cut` cost the loop nothing and are
    forgotten outside of `begin` and `stop`; after `stop`, `finish` waits for the rest."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._queue: deque[Heard | Said | Cut] = deque()
        self._is_running = False
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._broken_at: float | None = None
        self._beats: deque[float] = deque(maxlen=2)

    def begin(self, file: PieceFile, *, elapsed_s: float) -> None:
        """The session has lasted for so long: its start is where the recording's clock is 0. The
        thread opens its encoders, which takes a while, when the greeting is under way."""
        began_at = self._clock() - elapsed_s
        self._is_running = True
        self._beat()
        self._thread = threading.Thread(
            target=self._run, args=(file, began_at, elapsed_s), name="tape", daemon=True
        )
        self._thread.start()

    def heard(self, pcm: bytes) -> None:
        """A window of the caller's has come."""
        self._put(Heard(self._clock(), pcm))

    def said(self, pcm: bytes, *, in_s: float) -> None:
        """The agent's sound is played after what is still queued: in so many seconds."""
        self._put(Said(self._clock() + in_s, pcm))

    def cut(self) -> None:
        """Nothing of what is queued is played."""
        self._put(Cut(self._clock()))

    def stop(self) -> None:
        """What comes from now on is no part of it."""
        self._is_running = False
        self._stopping.set()
        if self._broken_at is not None:
            RECORDING_SECONDS_LOST.inc(self._clock() - self._broken_at)
            self._broken_at = None

    async def finish(self) -> None:
        """Stop, and wait until the last of it is written."""
        self.stop()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join, FINISH_S)
            if self._thread.is_alive():
                log.error("recording.unfinished")

    def _put(self, event: Heard | Said | Cut) -> None:
        if not self._is_running:
            return
        if len(self._queue) >= MOST_QUEUED:
            RECORDING_SECONDS_LOST.inc(WINDOW_S)
            return
        self._queue.append(event)

    def _beat(self) -> None:
        """Everything from before the last beat but one was told of."""
        if self._is_running:
            self._beats.append(self._clock())
            asyncio.get_running_loop().call_later(BEAT_S, self._beat)

    def _run(self, file: PieceFile, began_at: float, begins_s: float) -> None:
        try:
            is_stopping = self._stopping.wait(CYCLE_S)
            with closing(Reel(file, began_at=began_at, begins_s=begins_s)) as reel:
                while not is_stopping:
                    self._wind(reel, min(self._clock() - LATE_S, self._beats[0]))
                    is_stopping = self._stopping.wait(CYCLE_S)
                self._wind(reel, self._clock(), is_last=True)
        except Exception:
            log.exception("recording.broken")
            self._broken_at = self._clock()
        finally:
            self._is_running = False

    def _wind(self, reel: "Reel", until: float, *, is_last: bool = False) -> None:
        while self._queue:
            reel.put(self._queue.popleft())
        reel.wind(until, is_last=is_last)


@dataclass(frozen=True, slots=True)
class Unwritten:
    """Pages with so many packets, for a disk that has not taken them."""

    pages: bytes
    n_packets: int


class Reel:
    """What is taken down, and the file that it goes to; the thread's own."""

    def __init__(self, file: PieceFile, *, began_at: float, begins_s: float) -> None:
        self._file = file
        self._began_at = began_at
        self._next = int(begins_s / PACKET_S)
        begins_s = self._next * PACKET_S
        self._caller = Channel(CALLER_RATE_HZ, begins_s, early_s=EARLY_S)
        self._agent = Channel(AGENT_RATE_HZ, begins_s, early_s=SLACK_S)
        self._windows: list[Heard] = []
        self._opus = StereoOpus()
        self._ogg = Paginator(1, GRANULES)
        self._head = self._ogg.head(self._opus.head, [comment_of(self._next)])
        self._unwritten = deque([Unwritten(self._head, 0)])
        self._is_failing = False

    def put(self, event: Heard | Said | Cut) -> None:
        """In the order in which it happened."""
        match event:
            case Heard():
                self._windows.append(event)
            case Said():
                self._agent.put(event.at - self._began_at, np.frombuffer(event.pcm, np.int16))
            case Cut():
                self._agent.cut(event.at - self._began_at)

    def wind(self, until: float, *, is_last: bool = False) -> None:
        """Write what was heard before that moment, in whole packets."""
        self._place(until, is_last=is_last)
        n = max(0, int((until - self._began_at) / PACKET_S) - self._next)
        pages = self._ogg.pages(self._packets(n), is_last=is_last)
        self._unwritten.append(Unwritten(pages, n))
        self._write()

    def close(self) -> None:
        """Leave the file to be delivered. What it could not be given is put aside, or lost."""
        if any(one.n_packets for one in self._unwritten):
            self._put_aside()
        self._lose(self._unwritten)
        self._file.close()

    def _place(self, until: float, *, is_last: bool) -> None:
        """Of the windows those that began before: by the ones after them it is known when."""
        begins = begins_of([one.at for one in self._windows])
        n = sum(is_last or begin < until for begin in begins)
        for begin, window in zip(begins[:n], self._windows, strict=False):
            self._caller.put(begin - self._began_at, np.frombuffer(window.pcm, np.int16))
        self._windows = self._windows[n:]

    def _packets(self, n: int) -> list[bytes]:
        """The next ones."""
        if not n:
            return []
        self._next += n
        caller = self._caller.take(n * _CALLER_SAMPLES)
        agent = self._agent.take(n * _AGENT_SAMPLES)
        pairs = zip(np.split(caller, n), np.split(agent, n), strict=True)
        return [self._opus.encode(*pair) for pair in pairs]

    def _write(self) -> None:
        try:
            self._file.append(b"".join(one.pages for one in self._unwritten))
        except OSError as exc:
            if not self._is_failing:
                log.error("recording.unwritten", extra={"error": type(exc).__name__})
            self._is_failing = True
            self._forget_too_much()
        else:
            self._unwritten.clear()
            self._is_failing = False

    def _put_aside(self) -> None:
        """As a piece of its own, which begins with what the file lacks."""
        spare = self._file.spare()
        if spare is None:
            return
        pages = [one.pages for one in self._unwritten if one.pages is not self._head]
        try:
            spare.append(self._head + b"".join(pages))
        except OSError as exc:
            log.error("recording.not_put_aside", extra={"error": type(exc).__name__})
        else:
            self._unwritten.clear()
            log.warning("recording.put_aside", extra={"bytes": sum(map(len, pages))})
        finally:
            spare.close()

    def _forget_too_much(self) -> None:
        """What comes last goes: a file without its head is none."""
        forgotten = []
        while sum(len(one.pages) for one in self._unwritten) > MOST_UNWRITTEN_BYTES:
            forgotten.append(self._unwritten.pop())
        self._lose(forgotten)

    def _lose(self, gone: Collection[Unwritten]) -> None:
        lost_s = sum(one.n_packets for one in gone) * PACKET_S
        if lost_s:
            RECORDING_SECONDS_LOST.inc(lost_s)
            log.error("recording.lost", extra={"seconds": round(lost_s, 2)})
