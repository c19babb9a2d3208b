"""What becomes of sound that no disk takes."""

import errno
import fcntl
from pathlib import Path
from uuid import uuid4

import pytest

from agent.recording.joining import Piece, duration_s, joined
from agent.recording.opus import PACKET_S
from agent.recording.pieces import PieceFile, PieceFolder
from agent.recording.tape import MOST_UNWRITTEN_BYTES, Reel, Said
from agent.records.rows import Mandate
from core.metrics import RECORDING_SECONDS_LOST
from pipeline.audio import AGENT_RATE_HZ
from store.records import SessionId
from tests.recorded_sound import ALIGNED_S, decoded, sounds, tone


def piece_file(folder: Path, *, max_bytes: int = 10**9) -> PieceFile:
    return PieceFile(PieceFolder(folder, max_bytes), Mandate(SessionId(uuid4()), 1))


class Filling(PieceFile):
    """On a disk that is full after two pages of sound."""

    n_appended = 0

    def append(self, data: bytes) -> None:
        self.n_appended += 1
        if self.n_appended > 2:
            raise OSError(errno.ENOSPC, "full")
        super().append(data)


def sound_in(folder: Path) -> bytes:
    (path,) = folder.glob("*-1-*.ogg")
    return path.read_bytes()


def test_a_disk_that_refuses_loses_nothing_once_it_takes_again(tmp_path: Path) -> None:
    full = tmp_path / "another.ogg"
    full.write_bytes(bytes(10))
    reel = Reel(piece_file(tmp_path, max_bytes=10), began_at=0.0, begins_s=0.0)
    reel.put(Said(0.5, tone(AGENT_RATE_HZ, 1.0)))
    for until in (1.0, 2.0, 3.0):
        reel.wind(until)
    assert list(tmp_path.glob("*-1-*.ogg")) == []

    full.unlink()
    reel.wind(4.0, is_last=True)
    reel.close()
    _, agent = decoded(sound_in(tmp_path))
    assert sounds(agent) == [pytest.approx((0.5, 1.5), abs=ALIGNED_S)]


def test_what_no_disk_takes_is_bounded_and_its_beginning_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_UNWRITTEN_BYTES > 40 * 60 * 6000
    monkeypatch.setattr("agent.recording.tape.MOST_UNWRITTEN_BYTES", 20_000)
    full = tmp_path / "another.ogg"
    full.write_bytes(bytes(10))
    before_s = RECORDING_SECONDS_LOST._value.get()
    reel = Reel(piece_file(tmp_path, max_bytes=10), began_at=0.0, begins_s=0.0)
    for second in range(8):
        reel.put(Said(float(second), tone(AGENT_RATE_HZ, 1.0)))
        reel.wind(second + 1.0)
    full.unlink()
    reel.put(Said(9.0, tone(AGENT_RATE_HZ, 0.5)))
    reel.wind(10.0, is_last=True)
    reel.close()

    piece = Piece.read(sound_in(tmp_path))
    assert piece is not None
    assert duration_s(piece) == pytest.approx(10.0, abs=0.1)
    assert piece.packets[0] is not None
    assert None in piece.packets
    assert RECORDING_SECONDS_LOST._value.get() - before_s == pytest.approx(
        PACKET_S * piece.packets.count(None)
    )


def test_what_no_disk_took_by_the_end_is_counted_as_lost(tmp_path: Path) -> None:
    (tmp_path / "another.ogg").write_bytes(bytes(10))
    before_s = RECORDING_SECONDS_LOST._value.get()
    reel = Reel(piece_file(tmp_path, max_bytes=10), began_at=0.0, begins_s=0.0)
    for until in (1.2, 2.4, 3.6):
        reel.wind(until, is_last=until > 3)
    assert RECORDING_SECONDS_LOST._value.get() == before_s
    reel.close()

    assert RECORDING_SECONDS_LOST._value.get() - before_s == pytest.approx(3.6, abs=PACKET_S)


def test_a_file_that_was_taken_from_under_its_job_is_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flock = fcntl.flock
    taken: list[Path] = []

    def too_late(fd: int, operation: int) -> None:
        if not taken:
            taken.extend(tmp_path.glob("*.ogg"))
            taken[0].unlink()
        flock(fd, operation)

    monkeypatch.setattr("fcntl.flock", too_late)
    file = piece_file(tmp_path)
    with pytest.raises(FileNotFoundError):
        file.append(b"a page")
    file.append(b"a page")
    file.close()
    assert sound_in(tmp_path) == b"a page"


def test_what_a_full_disk_lacks_at_the_end_is_put_aside_and_joined(tmp_path: Path) -> None:
    disk, spare = tmp_path / "disk", tmp_path / "spare"
    folder = PieceFolder(disk, 10**9, spare)
    before_s = RECORDING_SECONDS_LOST._value.get()
    file = Filling(folder, Mandate(SessionId(uuid4()), 1))
    reel = Reel(file, began_at=0.0, begins_s=0.0)
    reel.put(Said(0.5, tone(AGENT_RATE_HZ, 4.0)))
    for until in (1.2, 2.4, 3.6, 4.8):
        reel.wind(until, is_last=until > 4)
    reel.close()

    pieces = [Piece.read(path.read_bytes()) for path in sorted(folder.files())]
    first, rest = sorted((one for one in pieces if one is not None), key=lambda one: one.first)
    assert rest.first == len(first.packets)
    _, agent = decoded(joined([first, rest]))
    assert sounds(agent) == [pytest.approx((0.5, 4.5), abs=ALIGNED_S)]
    assert RECORDING_SECONDS_LOST._value.get() == before_s


def test_a_strangers_folder_in_shared_memory_holds_no_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spare = tmp_path / "spare"
    spare.mkdir()
    (spare / "a.ogg").touch()
    folder = PieceFolder(tmp_path / "disk", 10**9, spare)
    file = PieceFile(folder, Mandate(SessionId(uuid4()), 1))
    assert [one.name for one in folder.files()] == ["a.ogg"]
    assert file.spare() is not None

    monkeypatch.setattr("os.geteuid", lambda: 12345)
    assert folder.files() == []
    assert file.spare() is None
