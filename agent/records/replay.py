"""Journals that jobs left behind → the store.

Whoever finds a file that nobody has locked may write it: its job is gone, and a second replayer
finds the lock. Rows are written in their order under the epoch that they name. Each may be there
already, then nothing changes; what another job has taken over, or has no session any more, is lost,
and told in one line.
"""

import asyncio
import fcntl
import logging
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Final, Self

from agent.records.journal import JournalFolder
from agent.records.journal_lines import Contents, contents_of
from agent.records.rows import Row, RowWriter, count_lost
from core.errors import StoreUnavailable
from core.log import log_context
from core.metrics import ROWS_LOST
from core.settings import Settings
from core.supervision import Health, kept_up, looked
from store.pool import Database
from store.records import SessionId

log = logging.getLogger(__name__)

PAUSE_S: Final = 1.0
"""Between two looks: a session whose end is in a journal holds a place until it is written."""
ASK_AGAIN_S: Final = 0.05
BROKEN_SUFFIX: Final = ".broken"


class Replayer:
    """Writes the journals of one folder; `run` it, or `look` once. One look follows the other."""

    def __init__(self, database: Database, folder: JournalFolder) -> None:
        self._database = database
        self._folder = folder
        self._looking = asyncio.Lock()
        self._set_aside: set[Path] = set()
        self._refused: Path | None = None

    @classmethod
    @asynccontextmanager
    async def opened(cls, settings: Settings, health: Health) -> AsyncIterator[Self | None]:
        """One that looks in the background; None where the settings name no folder."""
        folder = JournalFolder.named(settings.agent)
        if folder is None:
            yield None
            return
        database = await Database.open_thrifty(settings.database, 1)
        replayer = cls(database, folder)
        try:
            async with kept_up("replayer", replayer.run, health=health):
                yield replayer
        finally:
            await database.close()

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        await asyncio.to_thread(self._folder.prepare)
        while True:
            await self.look()
            looked("replayer")
            await asyncio.sleep(PAUSE_S)

    async def look(self) -> None:
        """Write every journal whose job is gone. What the database is away for stays, and does
        not stand before the others at the next look."""
        async with self._looking:
            files = await asyncio.to_thread(self._folder.files)
            for path in sorted(set(files) - self._set_aside, key=lambda one: one == self._refused):
                try:
                    await self._replay_or_set_aside(path)
                except StoreUnavailable:
                    if self._refused is None:
                        log.warning("journal.waiting", extra={"file": path.name})
                    self._refused = path
                    return
            self._refused = None

    async def look_for(self, session_id: SessionId) -> None:
        """Write what jobs of this session left, or wait until another replayer has. A job that
        lives keeps it waiting. Raises `StoreUnavailable`."""
        while files := await asyncio.to_thread(self._folder.files, session_id):
            if self._set_aside.issuperset(files):
                return
            async with self._looking:
                for path in set(files) - self._set_aside:
                    await self._replay_or_set_aside(path)
            await asyncio.sleep(ASK_AGAIN_S)

    async def _replay_or_set_aside(self, path: Path) -> None:
        try:
            await self._replay_file(path)
        except OSError as exc:
            self._set_aside.add(path)
            extra = {"file": path.name, "error": type(exc).__name__}
            log.error("journal.unusable", extra=extra)

    async def _replay_file(self, path: Path) -> None:
        left = await asyncio.to_thread(_LeftFile.take, path)
        if left is None:
            return
        try:
            clock_began_at = time.time() - asyncio.get_running_loop().time()
            contents = await asyncio.to_thread(contents_of, left.data, clock_began_at)
            await self._write(contents)
            await asyncio.to_thread(left.set_aside if contents.n_spoilt else left.remove)
        finally:
            left.file.close()

    async def _write(self, contents: Contents) -> None:
        lost: list[Row] = []
        errors: set[str] = set()
        for mandate, row in contents.rows:
            with log_context(session=str(mandate.session_id)):
                try:
                    await RowWriter(self._database, mandate).write(row)
                except StoreUnavailable:
                    raise
                except Exception as exc:
                    lost.append(row)
                    errors.add(type(exc).__name__)
        _tell(contents, lost, errors)


def _tell(contents: Contents, lost: list[Row], errors: set[str]) -> None:
    if written := len(contents.rows) - len(lost):
        log.info("journal.replayed", extra={"n": written})
    unknown = contents.n_spoilt + contents.is_torn
    if lost or unknown:
        ROWS_LOST.labels("unknown").inc(unknown)
        kinds = {**count_lost(lost), "unknown": unknown}
        log.error("journal.lost", extra={"kinds": kinds, "errors": sorted(errors)})


@dataclass(frozen=True, slots=True)
class _LeftFile:
    """A journal without a job, locked until `file` is closed."""

    path: Path
    file: FileIO
    data: bytes

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """None when it is somebody's, or gone. Raises `OSError`."""
        try:
            file = FileIO(path, "r+")
        except FileNotFoundError:
            return None
        with ExitStack() as stack:
            stack.callback(file.close)
            with suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if path.exists():
                    left = cls(path, file, file.readall() or b"")
                    stack.pop_all()
                    return left
        return None

    def remove(self) -> None:
        """All of it is written, or lost."""
        self.path.unlink(missing_ok=True)

    def set_aside(self) -> None:
        """Let an operator see it: what could be understood of it is written."""
        broken = self.path.with_suffix(BROKEN_SUFFIX)
        self.path.rename(broken)
        log.error("journal.broken", extra={"file": broken.name})
