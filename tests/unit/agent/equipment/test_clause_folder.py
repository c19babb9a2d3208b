"""Sound on the disk: given back to the bit or not at all, within its bounds, whatever is there."""

import os
import time
from pathlib import Path

import pytest

from agent.equipment import clause_folder
from agent.equipment.clause_folder import ClauseFolder
from pipeline.repertoire import LONGEST_SOUND_BYTES, Clause

HELLO = Clause("kavya", "Hello there.")
SOUND = b"\1\2" * 24_000
MB = 1024 * 1024


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "repertoire"


@pytest.fixture
def folder(path: Path) -> ClauseFolder:
    return ClauseFolder(path, 4 * MB)


def keep(folder: ClauseFolder, clause: Clause = HELLO, pcm: bytes = SOUND) -> None:
    folder.hear(clause, pcm)
    folder.hear(clause, pcm)


def files(path: Path) -> list[Path]:
    return sorted(path.glob("*.clause"))


def test_what_is_heard_a_second_time_is_kept_for_all_processes(path: Path) -> None:
    one, other = ClauseFolder(path, MB), ClauseFolder(path, MB)
    one.hear(HELLO, SOUND)
    assert other.read(HELLO, is_told=True) is None
    other.hear(HELLO, SOUND)
    assert one.read(HELLO, is_told=True) == SOUND


def test_what_is_sure_to_recur_is_kept_the_first_time(folder: ClauseFolder) -> None:
    folder.hear(HELLO, SOUND, is_sure=True)
    assert folder.read(HELLO, is_told=True) == SOUND


@pytest.mark.parametrize(
    "other",
    [Clause("shubh", "Hello there."), Clause("kavya", "Hello there!"), Clause("kavyaH", "")],
)
def test_a_clause_is_another_in_another_manner_or_text(folder: ClauseFolder, other: Clause) -> None:
    keep(folder)
    assert folder.read(other, is_told=True) is None


@pytest.mark.parametrize("text", ["../../etc/passwd", "a\0b", "नमस्ते", "\ud800", "x" * 5000])
def test_any_text_is_a_harmless_name(folder: ClauseFolder, path: Path, text: str) -> None:
    keep(folder, Clause("kavya", text))
    assert folder.read(Clause("kavya", text), is_told=True) == SOUND
    assert {one.name for one in path.iterdir()} == {"seen", files(path)[0].name}


def test_only_its_owner_may_read_what_was_said(folder: ClauseFolder, path: Path) -> None:
    keep(folder)
    assert path.stat().st_mode & 0o777 == 0o700
    assert all(one.stat().st_mode & 0o777 == 0o600 for one in path.iterdir())


@pytest.mark.parametrize(
    "content",
    [b"", b"short", b"\0" * 100_000, SOUND, b"x" * (LONGEST_SOUND_BYTES + 1000)],
)
def test_a_file_that_does_not_add_up_is_removed_and_made_anew(
    folder: ClauseFolder, path: Path, content: bytes
) -> None:
    keep(folder)
    files(path)[0].write_bytes(content)
    assert folder.read(HELLO, is_told=True) is None
    assert files(path) == []
    folder.hear(HELLO, SOUND)
    assert folder.read(HELLO, is_told=True) == SOUND


@pytest.mark.parametrize("at", [0, 17, 21, 5000, -1])
def test_a_single_flipped_bit_is_noticed(folder: ClauseFolder, path: Path, at: int) -> None:
    keep(folder)
    content = bytearray(files(path)[0].read_bytes())
    content[at] ^= 4
    files(path)[0].write_bytes(content)
    assert folder.read(HELLO, is_told=True) is None


@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_what_is_no_file_is_not_read(folder: ClauseFolder, path: Path, kind: str) -> None:
    keep(folder)
    (file,) = files(path)
    file.rename(path / "elsewhere")
    match kind:
        case "folder":
            file.mkdir()
        case "link":
            file.symlink_to(path / "elsewhere")
        case "pipe":
            os.mkfifo(file)
    assert folder.read(HELLO, is_told=True) is None
    folder.hear(HELLO, SOUND)


def test_what_was_given_last_stays_when_there_is_no_more_room(path: Path) -> None:
    folder = ClauseFolder(path, 3 * (len(SOUND) + 24))
    clauses = [Clause("kavya", text) for text in "abcd"]
    for at, clause in enumerate(clauses[:3]):
        before = files(path)
        keep(folder, clause)
        (new,) = set(files(path)) - set(before)
        os.utime(new, (0, time.time() - 1000 + at))
    assert folder.read(clauses[0], is_told=True) == SOUND
    keep(folder, clauses[3])
    known = [clause.text for clause in clauses if folder.read(clause, is_told=False)]
    assert known == ["a", "c", "d"]


def test_what_is_only_asked_leaves_no_mark(folder: ClauseFolder, path: Path) -> None:
    keep(folder)
    (file,) = files(path)
    os.utime(file, (1e9, 1e9))
    assert folder.read(HELLO, is_told=False) == SOUND
    assert file.stat().st_mtime == 1e9
    assert folder.read(HELLO, is_told=True) == SOUND
    assert file.stat().st_mtime > 1e9


def test_a_month_without_being_given_is_the_end(folder: ClauseFolder, path: Path) -> None:
    keep(folder)
    os.utime(files(path)[0], (1e9, 1e9))
    keep(folder, Clause("kavya", "Goodbye."))
    assert folder.read(HELLO, is_told=True) is None


def test_there_are_no_more_files_than_allowed(
    folder: ClauseFolder, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clause_folder, "MOST_FILES", 3)
    for text in "abcdef":
        keep(folder, Clause("kavya", text))
    assert len(files(path)) == 3


def test_files_of_others_are_left_alone(folder: ClauseFolder, path: Path) -> None:
    keep(folder)
    foreign = path / "notes.txt"
    foreign.write_text("mine")
    os.utime(foreign, (1e9, 1e9))
    keep(folder, Clause("kavya", "Goodbye."))
    assert foreign.read_text() == "mine"


def test_a_full_disk_keeps_nothing_and_breaks_nothing(
    folder: ClauseFolder, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    folder.hear(HELLO, SOUND)
    monkeypatch.setattr(Path, "replace", full)
    folder.hear(HELLO, SOUND)
    assert [one.name for one in path.iterdir()] == ["seen"]
    assert folder.read(HELLO, is_told=True) is None


def test_a_folder_that_cannot_be_made_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    folder = ClauseFolder(tmp_path / "taken", MB)
    keep(folder)
    assert folder.read(HELLO, is_told=True) is None


@pytest.mark.parametrize("n_bytes", [0, 400, 24_001, LONGEST_SOUND_BYTES + 2, MB])
def test_what_is_no_clauses_sound_is_not_kept(path: Path, n_bytes: int) -> None:
    folder = ClauseFolder(path, MB // 2)
    keep(folder, pcm=b"\1" * n_bytes)
    assert files(path) == []


def test_a_crash_among_sightings_costs_no_more_than_a_sighting(
    folder: ClauseFolder, path: Path
) -> None:
    folder.hear(HELLO, SOUND)
    (path / "seen").write_bytes(b"\xff" * 100)
    folder.hear(HELLO, SOUND)
    assert folder.read(HELLO, is_told=True) is None
    folder.hear(HELLO, SOUND)
    assert folder.read(HELLO, is_told=True) == SOUND
