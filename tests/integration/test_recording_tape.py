"""A tape's thread beside a session's loop."""

import asyncio
import threading
from pathlib import Path
from uuid import uuid4

import pytest

from agent.recording.joining import Piece, duration_s
from agent.recording.opus import StereoOpus
from agent.recording.pieces import PieceFile, PieceFolder
from agent.recording.tape import MOST_QUEUED, Tape
from agent.records.rows import Mandate
from core.metrics import RECORDING_SECONDS_LOST
from pipeline.audio import AGENT_RATE_HZ, WINDOW_BYTES, WINDOW_S
from store.records import SessionId
from tests.recorded_sound import ALIGNED_S, decoded, sounds, tone


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def piece_file(folder: Path, *, max_bytes: int = 10**9) -> PieceFile:
    return PieceFile(PieceFolder(folder, max_bytes), Mandate(SessionId(uuid4()), 1))


def sound_in(folder: Path) -> bytes:
    (path,) = folder.glob("*-1-*.ogg")
    return path.read_bytes()


async def test_what_comes_after_the_stop_and_before_the_beginning_is_not_on_it(
    tmp_path: Path,
) -> None:
    clock = Clock()
    tape = Tape(clock)
    tape.said(tone(AGENT_RATE_HZ, 0.5), in_s=0)
    tape.begin(piece_file(tmp_path), elapsed_s=0.0)
    clock.now += 1.0
    tape.said(tone(AGENT_RATE_HZ, 1.0), in_s=0.2)
    clock.now += 0.7
    tape.cut()
    tape.stop()
    tape.said(tone(AGENT_RATE_HZ, 0.2), in_s=0.1)
    clock.now += 1.3
    await tape.finish()

    _, agent = decoded(sound_in(tmp_path))
    assert sounds(agent) == [pytest.approx((1.2, 1.7), abs=ALIGNED_S)]


async def test_a_greeting_does_not_wait_until_encoders_are_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_in: list[str] = []

    class Watched(StereoOpus):
        def __init__(self) -> None:
            opened_in.append(threading.current_thread().name)
            super().__init__()

    monkeypatch.setattr("agent.recording.tape.StereoOpus", Watched)
    tape = Tape()
    tape.begin(piece_file(tmp_path), elapsed_s=0.0)
    await tape.finish()
    assert opened_in == ["tape"]


async def test_a_successors_piece_begins_where_the_session_is(tmp_path: Path) -> None:
    clock = Clock()
    tape = Tape(clock)
    tape.begin(piece_file(tmp_path), elapsed_s=61.0)
    clock.now += 2.0
    await tape.finish()

    piece = Piece.read(sound_in(tmp_path))
    assert piece is not None
    assert duration_s(piece) == pytest.approx(63.0, abs=0.1)
    assert len(piece.packets) < 40


async def test_a_queue_that_nobody_empties_is_bounded_and_what_is_lost_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.recording.tape.CYCLE_S", 60.0)
    before = RECORDING_SECONDS_LOST._value.get()
    tape = Tape(Clock())
    tape.begin(piece_file(tmp_path), elapsed_s=0.0)
    for _ in range(MOST_QUEUED + 10):
        tape.heard(bytes(WINDOW_BYTES))
    await tape.finish()

    assert RECORDING_SECONDS_LOST._value.get() - before == pytest.approx(10 * WINDOW_S)


class Torn(PieceFile):
    """Fails as no disk does."""

    def append(self, data: bytes) -> None:
        raise ValueError


async def test_what_comes_after_a_fault_of_the_tapes_own_is_counted_as_lost(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    tape = Tape(clock)
    before = RECORDING_SECONDS_LOST._value.get()
    mandate = Mandate(SessionId(uuid4()), 1)
    tape.begin(Torn(PieceFolder(tmp_path, 10**9), mandate), elapsed_s=0.0)
    assert tape._thread is not None
    await asyncio.to_thread(tape._thread.join)
    clock.now += 7.0
    await tape.finish()

    assert "recording.broken" in caplog.messages
    assert RECORDING_SECONDS_LOST._value.get() - before == pytest.approx(7.0)


class Hanging(PieceFile):
    """On a disk that answers when it is let."""

    def __init__(self, folder: PieceFolder, mandate: Mandate) -> None:
        super().__init__(folder, mandate)
        self.let = threading.Event()

    def append(self, data: bytes) -> None:
        self.let.wait()
        super().append(data)


async def test_a_disk_that_hangs_at_the_end_keeps_nobody_and_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("agent.recording.tape.FINISH_S", 0.05)
    tape = Tape(Clock())
    file = Hanging(PieceFolder(tmp_path, 10**9), Mandate(SessionId(uuid4()), 1))
    tape.begin(file, elapsed_s=0.0)
    await tape.finish()
    assert "recording.unfinished" in caplog.messages

    file.let.set()
    assert tape._thread is not None
    await asyncio.to_thread(tape._thread.join)
