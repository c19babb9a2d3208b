"""What a job could not write to the store: kept on this machine's disk, beyond the job's life.

A file a session, `<session>-<epoch>-<some hex>.rows`, which only grows while it is there. Its job
has it locked as long as it lives; a file that nobody has locked is for the replayer to write.
What is in it is on the disk: every append is synced. It holds what people said, so only its owner
may read it.

All files of the folder together take no more than its bytes. Beyond them, and where the disk
refuses, rows wait in the job's memory alone; the end of a session is a hundred bytes and is kept
all the same.
"""

import asyncio
import fcntl
import logging
import os
import secrets
import threading
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from agent.records.journal_lines import lines_of
from agent.records.rows import EndRow, Mandate, Row
from core.setting_groups import AgentSettings
from store.records import SessionId

log = logging.getLogger(__name__)

SUFFIX: Final = ".rows"
DISK_TIMEOUT_S: Final = 2.0
"""A disk that takes longer is as good as none."""


@dataclass(frozen=True, slots=True)
class JournalFolder:
    """Where journals are, and how many bytes all of them may take."""

    path: Path
    max_bytes: int

    @classmethod
    def named(cls, settings: AgentSettings) -> Self | None:
        """The one that the settings name, None where they name none."""
        if not settings.journal_dir:
            return None
        return cls(Path(settings.journal_dir), settings.journal_max_mb * 1024 * 1024)

    def prepare(self) -> bool:
        """Make it and try it; a folder that cannot be used is said once, and done without."""
        try:
            self.make()
            probe = self.path / f"probe-{secrets.token_hex(4)}"
            os.close(os.open(probe, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            probe.unlink()
        except OSError as exc:
            extra = {"folder": str(self.path), "error": type(exc).__name__}
            log.warning("journal.unavailable", extra=extra)
            return False
        return True

    def make(self) -> None:
        """Raises `OSError`."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def files(self, session_id: SessionId | None = None) -> list[Path]:
        """All journals, or one session's, in no order. Raises `OSError`."""
        prefix = "" if session_id is None else f"{session_id}-"
        return list(self.path.glob(f"{prefix}*{SUFFIX}"))

    def used_bytes(self) -> int:
        """Raises `OSError`."""
        used = 0
        for one in self.files():
            with suppress(FileNotFoundError):  # written and removed just now
                used += one.stat().st_size
        return used


class Journal:
    """One session's. Nothing is on the disk before something has to be kept, nor blocks the loop.

    Without a folder it keeps nothing.
    """

    def __init__(self, folder: JournalFolder | None, mandate: Mandate) -> None:
        self._file = None if folder is None else _File(folder, mandate)
        self._mandate = mandate
        self._is_failing = False

    async def keep(self, rows: Sequence[Row]) -> Collection[Row]:
        """Have them on the disk; which of them are. Nothing is raised."""
        if self._file is None or not rows:
            return ()
        clock_began_at = time.time() - asyncio.get_running_loop().time()
        lines = lines_of(self._mandate, rows, clock_began_at)
        try:
            async with asyncio.timeout(DISK_TIMEOUT_S):
                kept = await asyncio.to_thread(self._file.append, rows, lines)
        except OSError as exc:  # a TimeoutError is one
            self._tell_failure(type(exc).__name__)
            return ()
        if len(kept) < len(rows):
            self._tell_failure("full")
        else:
            self._is_failing = False
        return kept

    async def clear(self) -> None:
        """All that was kept is written: remove it. A file that stays changes nothing."""
        if self._file is None:
            return
        try:
            async with asyncio.timeout(DISK_TIMEOUT_S):
                await asyncio.to_thread(self._file.remove)
        except OSError as exc:
            self._tell_failure(type(exc).__name__)

    def close(self) -> None:
        """Leave what is kept to the replayer."""
        if self._file is not None:
            self._file.close()

    def _tell_failure(self, error: str) -> None:
        if not self._is_failing:
            log.error("journal.failed", extra={"error": error})
        self._is_failing = True


class _File:
    """A session's file, made when it is needed. Its methods block, and may meet in threads."""

    def __init__(self, folder: JournalFolder, mandate: Mandate) -> None:
        self._folder = folder
        self._mandate = mandate
        self._path: Path
        self._fd: int | None = None
        self._busy = threading.Lock()

    def append(self, rows: Sequence[Row], lines: Sequence[bytes]) -> list[Row]:
        """Those that the folder has room for; none when it raises `OSError`."""
        with self._busy:
            room = self._folder.max_bytes - self._folder.used_bytes()
            kept: list[Row] = []
            data = bytearray()
            for row, line in zip(rows, lines, strict=True):
                if isinstance(row, EndRow) or len(data) + len(line) <= room:
                    kept.append(row)
                    data += line
            if data:
                self._write(bytes(data))
            return kept

    def remove(self) -> None:
        """Raises `OSError`."""
        with self._busy:
            if self._fd is not None:
                self._path.unlink(missing_ok=True)
                self._let_go()

    def close(self) -> None:
        """A file that a thread is still busy with is let go by the process's end."""
        if self._busy.acquire(blocking=False):
            self._let_go()
            self._busy.release()

    def _write(self, data: bytes) -> None:
        fd = self._fd if self._fd is not None else self._create()
        size = os.fstat(fd).st_size
        try:
            written = 0
            while written < len(data):
                written += os.write(fd, data[written:])
            os.fsync(fd)
        except OSError:
            self._undo(fd, size)
            raise

    def _create(self) -> int:
        self._folder.make()
        name = f"{self._mandate.session_id}-{self._mandate.epoch}-{secrets.token_hex(4)}{SUFFIX}"
        self._path = self._folder.path / name
        fd = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_WRONLY, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not os.fstat(fd).st_nlink:
                raise FileNotFoundError(name)  # the replayer took it for an empty one
            _sync_folder(self._folder.path)
        except OSError:
            os.close(fd)
            raise
        self._fd = fd
        return fd

    def _undo(self, fd: int, size: int) -> None:
        """Half a line must not spoil the next one: cut it off, or begin another file."""
        try:
            os.ftruncate(fd, size)
        except OSError:
            self._let_go()

    def _let_go(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def _sync_folder(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
