"""Faults of what keeps recordings: the store, the disk, the process that writes.

Each is a conversation with the fault in it; what the caller said and heard is counted afterwards,
in seconds of sound, in the caller's own ears and in the recording.
"""

import asyncio
import errno
import os
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.chaos.guest import Guest
from benchmarks.chaos.processes import kill, processes_of
from benchmarks.chaos.stage import Stage
from benchmarks.chaos.trial import Trial
from benchmarks.s3_server import S3Server
from cli.caller.recording import Recording
from cli.heard_latency import PAUSE_S, channels_of

AWAY_S: Final = 60.0
_INTO_THE_ANSWER_S: Final = 1.5
_ENDED_S: Final = 30.0
_GONE_S: Final = 5.0
"""After a session's end: by then its process is gone, or as good as."""
_DISK: Final = "1m"
_CHUNK: Final = bytes(4096)


@dataclass(frozen=True)
class Place:
    """Where recordings go: the worker's disk, and the store. `disk` is None where none can be made
    full."""

    store: S3Server
    disk: Path | None


@dataclass(frozen=True)
class Kept:
    """Seconds of sound: what the caller said and heard, and of each what is in the recording."""

    said_s: float
    heard_s: float
    said_kept_s: float
    heard_kept_s: float

    @property
    def lost_s(self) -> float:
        """Of both sides."""
        lost = (self.said_s - self.said_kept_s, self.heard_s - self.heard_kept_s)
        return round(sum(max(0.0, one) for one in lost), 2)


Fault = Callable[[Stage, Place, Guest], Awaitable[None]]


async def store_away(stage: Stage, place: Place, guest: Guest) -> None:
    """It goes as the caller asks, and comes back a minute later, without what it held."""
    away_at = time.monotonic()
    place.store.kill()
    await guest.exchange()
    await guest.exchange()
    await guest.hang_up()
    await asyncio.sleep(max(0.0, away_at + AWAY_S - time.monotonic()))
    await place.store.start()


async def disk_full(stage: Stage, place: Place, guest: Guest) -> None:
    """For two questions and their answers; then there is room again."""
    assert place.disk is not None
    await guest.exchange()
    with _filled(place.disk):
        await guest.exchange()
        await guest.exchange()
    await guest.exchange()


async def disk_full_to_the_end(stage: Stage, place: Place, guest: Guest) -> None:
    """For a question and its answer, the last; there is room again once the session is over."""
    assert place.disk is not None
    await guest.exchange()
    with _filled(place.disk):
        await guest.exchange()
        await guest.hang_up()
        await stage.ended(guest, _ENDED_S)
        await asyncio.sleep(_GONE_S)


async def job_killed(stage: Stage, place: Place, guest: Guest) -> None:
    """The process that writes, while the agent speaks."""
    await _kill(stage, guest, lambda _, job: [job])


async def worker_killed(stage: Stage, place: Place, guest: Guest) -> None:
    """With all of its processes, while the agent speaks; another is started."""
    await _kill(stage, guest, lambda worker, _: processes_of(worker))


FAULTS: Final[dict[str, Fault]] = {
    "store-away": store_away,
    "disk-full": disk_full,
    "disk-full-to-the-end": disk_full_to_the_end,
    "job-killed": job_killed,
    "worker-killed": worker_killed,
}


async def struck(stage: Stage, place: Place, fault: str) -> Kept:
    """A conversation with the fault in it. Raises CallerError."""
    trial = Trial(0)
    try:
        async with stage.guest(trial) as guest:
            await FAULTS[fault](stage, place, guest)
    finally:
        await stage.settle(trial)
    data = await stage.api.recording(guest.session.id, timeout_s=2 * AWAY_S)
    caller, agent = channels_of(data)
    spoken = Recording.of(guest.clip.samples, guest.clip.rate_hz)
    spoken_s = _sounding_s([spoken]) * guest.said.count(guest.record.text)
    return Kept(spoken_s, _sounding_s(guest.tracks), _sounding_s([caller]), _sounding_s([agent]))


async def _kill(stage: Stage, guest: Guest, victims: Callable[[int, int], Iterable[int]]) -> None:
    await guest.exchange()
    worker, job = stage.holder_of(guest)
    await guest.hear_answer(await guest.ask())
    await asyncio.sleep(_INTO_THE_ANSWER_S)
    fault_at = time.monotonic()
    kill(victims(worker.pid, job))
    replacing = asyncio.create_task(stage.system.replace_dead())
    try:
        await guest.hear_again(fault_at)
        await guest.calm()
        await guest.exchange()
    finally:
        await replacing


@contextmanager
def _filled(disk: Path) -> Iterator[None]:
    """To the last byte."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(_CHUNK)
        except OSError as exc:
            if exc.errno != errno.ENOSPC:
                raise
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """One of its own under the folder; None where this process may make none."""
    folder.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", f"size={_DISK},mode=0700", "tmpfs", str(folder))
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(("umount", "--lazy", str(folder)), capture_output=True, check=False)


def _sounding_s(sides: Iterable[Recording]) -> float:
    spans = [span for side in sides for span in side.spans(PAUSE_S)]
    return sum(span.ended_at - span.started_at for span in spans)
