"""What one job recorded of a session: a file in the journal's folder until it is stored.

`<session>-<epoch>-<some hex>.ogg`, locked by its job as long as it lives, like its journal beside
it; one that nobody has locked is to be delivered. It holds what people said, so only its owner may
read it.
"""

import errno
import fcntl
import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from uuid import UUID

from agent.records.rows import Mandate
from core.settings import Settings
from store.records import SessionId

SUFFIX: Final = ".ogg"
SPARE_MAX_BYTES: Final = 48 * 2**20
"""Three hours of talk; a container has 64 MB of such memory."""
_SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - see _is_ours


@dataclass(frozen=True, slots=True)
class PieceFolder:
    """Where pieces wait, and how many bytes all of them may take. `spare`: where there is room when
    its disk has none, in memory that outlives a process."""

    path: Path
    max_bytes: int
    spare: Path | None = None

    @classmethod
    def named(cls, settings: Settings) -> Self | None:
        """The one beside the journals; None where the settings name no folder for those."""
        if not settings.agent.journal_dir:
            return None
        max_bytes = settings.recording.waiting_max_mb * 1024 * 1024
        path = Path(settings.agent.journal_dir) / "recordings"
        return cls(path, max_bytes, _spare_of(path))

    def files(self) -> list[Path]:
        """All pieces, in no order; none where there is no folder. Raises `OSError`."""
        folders = [self.path]
        if self.spare is not None and _is_ours(self.spare):
            folders.append(self.spare)
        return [file for folder in folders for file in folder.glob(f"*{SUFFIX}")]

    def make(self) -> None:
        """Make it. Another piece may be begun in it. Raises `OSError`, also where it is full."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        used = 0
        for one in self.files():
            with suppress(FileNotFoundError):  # delivered just now
                used += one.stat().st_size
        if used >= self.max_bytes:
            raise OSError(errno.ENOSPC, "as many bytes wait for the store as may")


class PieceFile:
    """A piece that grows; its methods block. It is made with what is first appended."""

    def __init__(self, folder: PieceFolder, mandate: Mandate) -> None:
        self._folder = folder
        self._mandate = mandate
        name = f"{mandate.session_id}-{mandate.epoch}-{secrets.token_hex(4)}{SUFFIX}"
        self._path = folder.path / name
        self._fd: int | None = None

    def append(self, data: bytes) -> None:
        """All of it or nothing. Raises `OSError`."""
        fd = self._fd if self._fd is not None else self._create()
        size = os.fstat(fd).st_size
        try:
            written = 0
            while written < len(data):
                written += os.write(fd, data[written:])
        except OSError:
            os.ftruncate(fd, size)
            raise

    def spare(self) -> "PieceFile | None":
        """Another one of the same job's, where its disk's being full does not matter."""
        spare = self._folder.spare
        if spare is None or (spare.exists() and not _is_ours(spare)):
            return None
        return PieceFile(PieceFolder(spare, SPARE_MAX_BYTES), self._mandate)

    def close(self) -> None:
        """Leave it to be delivered."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _create(self) -> int:
        self._folder.make()
        fd = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_WRONLY, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not os.fstat(fd).st_nlink:
                raise FileNotFoundError(self._path.name)  # it was taken for one that was left
        except OSError:
            os.close(fd)
            raise
        self._fd = fd
        return fd


@dataclass(frozen=True, slots=True)
class LeftPiece:
    """A piece without a job, locked until it is let go."""

    path: Path
    fd: int
    session_id: SessionId
    epoch: int

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """None when it is somebody's, or gone. Raises `OSError`, `ValueError` for a name of
        another kind."""
        session, epoch, _ = path.stem.rsplit("-", 2)
        session_id = SessionId(UUID(session))
        try:
            fd = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return None
        with suppress(BlockingIOError):
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.exists():
                return cls(path, fd, session_id, int(epoch))
        os.close(fd)
        return None

    def data(self) -> bytes:
        """All of it. Raises `OSError`."""
        return self.path.read_bytes()

    def remove(self) -> None:
        """It is stored, or nobody's any more."""
        self.path.unlink(missing_ok=True)

    def let_go(self) -> None:
        """For another look, or another process."""
        os.close(self.fd)


def _spare_of(path: Path) -> Path | None:
    """Of the same folder always the same, and no other's."""
    if not _SHARED_MEMORY.is_dir():
        return None
    name = hashlib.sha256(str(path.resolve()).encode()).hexdigest()
    return _SHARED_MEMORY / f"vaarta-{name[:24]}"


def _is_ours(folder: Path) -> bool:
    """Anybody may make one there: what is in a stranger's is no recording."""
    try:
        return folder.lstat().st_uid == os.geteuid()
    except FileNotFoundError:
        return False
