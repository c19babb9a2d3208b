"""A session's rows on their way to the store: in order, tried again, kept beyond the job's life.

    queued ─▶ written
      └─ a second old, or the job has to leave ─▶ kept in the journal as well ─▶ written
                                                             └─ job gone ─▶ by the replayer

So a job that dies while the database is away loses a second of rows, and one that has to leave
then does not wait for it.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from agent.records.journal import Journal
from agent.records.rows import EndRow, Row, RowWriter, Written, count_lost, kind_of
from core.errors import StaleError, StoreUnavailable
from core.supervision import kept_up

log = logging.getLogger(__name__)

RETRY_WAIT_S: Final = 1.0
LATE_S: Final = 1.0
"""Rows that have waited so long are kept in the journal."""
LAST_ROWS_S: Final = 6.0
"""How long a closing session waits for its rows to be written, where no journal keeps them."""
STOP_S: Final = 1.0
"""A statement that a mute database was asked takes its whole timeout to be taken back."""
WAITING_ROWS: Final = 1000
"""Turns of an hour and more. Beyond that new ones are lost, and said to be; the end is not."""


@dataclass(slots=True, eq=False)
class _Waiting:
    row: Row
    since_s: float
    is_kept: bool = False


class RowQueue:
    """One session's; use `opened`."""

    def __init__(
        self,
        writer: RowWriter,
        journal: Journal,
        *,
        on_written: Callable[[Written], None],
        on_stale: Callable[[], None],
    ) -> None:
        self._writer = writer
        self._journal = journal
        self._on_written = on_written
        self._on_stale = on_stale
        self._waiting: deque[_Waiting] = deque()
        self._queued = asyncio.Event()
        self._changed = asyncio.Event()
        self._settled = asyncio.Event()
        self._flushed_by: float | None = None
        self._is_stale = False

    @classmethod
    @asynccontextmanager
    async def opened(
        cls,
        writer: RowWriter,
        journal: Journal,
        *,
        on_written: Callable[[Written], None],
        on_stale: Callable[[], None],
    ) -> AsyncIterator["RowQueue"]:
        """Write in the background; leaving waits for what is queued, within bounds.

        `on_written` is told of each row, `on_stale` when another holds the session: from then on
        nothing is written.
        """
        queue = cls(writer, journal, on_written=on_written, on_stale=on_stale)
        try:
            async with (
                kept_up("rows", queue._write_all, stop_s=STOP_S),
                kept_up("journal", queue._keep_late, stop_s=STOP_S),
            ):
                try:
                    yield queue
                finally:
                    await queue.flush()
        finally:
            await queue._leave()

    def put(self, row: Row) -> None:
        """Queue it. What is too much, or another's to write, is lost and said to be."""
        is_full = len(self._waiting) >= WAITING_ROWS and not isinstance(row, EndRow)
        if is_full or self._is_stale:
            _tell_lost([row])
            return
        self._waiting.append(_Waiting(row, asyncio.get_running_loop().time()))
        self._queued.set()
        self._changed.set()

    async def flush(self) -> bool:
        """Wait until all that is queued is written or kept, within bounds; whether it is written.

        The bounds hold for all that wait, however often they do, until all is written.
        """
        if self._flushed_by is None:
            self._flushed_by = asyncio.get_running_loop().time() + LAST_ROWS_S
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._flushed_by):
                while self._unkept():
                    self._settled.clear()
                    await self._settled.wait()
        if not self._waiting:
            self._flushed_by = None
        return not self._waiting and not self._is_stale

    def _unkept(self) -> list[_Waiting]:
        return [one for one in self._waiting if not one.is_kept]

    async def _leave(self) -> None:
        """Keep what could not be written, be it in the last moment."""
        await self._keep()
        if not self._waiting:
            await self._journal.clear()
        self._journal.close()
        _tell_lost([one.row for one in self._unkept()])

    async def _write_all(self) -> None:
        while True:
            while self._waiting:
                written = await self._write(self._waiting[0].row)
                if self._waiting:
                    self._waiting.popleft()
                if written is not None:
                    self._on_written(written)
            self._changed.set()
            self._settled.set()
            await self._queued.wait()
            self._queued.clear()

    async def _write(self, row: Row) -> Written | None:
        """Until it is written; None when it is lost by its own fault, or not ours to write."""
        while True:
            try:
                return await self._writer.write(row)
            except StoreUnavailable:
                log.warning("row.waiting", extra={"row": kind_of(row)})
                await asyncio.sleep(RETRY_WAIT_S)
            except StaleError:
                self._give_up()
                return None
            except Exception as exc:
                # Whatever it is, it is this row's: those behind it are written.
                _tell_lost([row], type(exc).__name__)
                return None

    def _give_up(self) -> None:
        """Another holds the session: what is queued is its to tell, or nobody's."""
        self._is_stale = True
        _tell_lost([one.row for one in self._waiting], StaleError.__name__)
        self._waiting.clear()
        self._on_stale()

    async def _keep_late(self) -> None:
        """Keep what waits for long; forget what was kept once nothing waits any more."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._late_in_s()):
                    await self._changed.wait()
            self._changed.clear()
            if not self._waiting:
                await self._journal.clear()
            elif self._late_in_s() == 0 and not await self._keep():
                await asyncio.sleep(RETRY_WAIT_S)

    def _late_in_s(self) -> float | None:
        """Seconds until there is something to be kept, None when there is nothing."""
        if not self._unkept():
            return None
        waited_s = asyncio.get_running_loop().time() - self._waiting[0].since_s
        return max(0.0, LATE_S - waited_s)

    async def _keep(self) -> bool:
        """Have the journal keep all that waits; whether it does."""
        unkept = self._unkept()
        kept = set(map(id, await self._journal.keep([one.row for one in unkept])))
        for one in unkept:
            one.is_kept = id(one.row) in kept
        self._settled.set()
        return all(one.is_kept for one in unkept)


def _tell_lost(rows: Collection[Row], error: str | None = None) -> None:
    if rows:
        log.error("rows.lost", extra={"kinds": count_lost(rows), "error": error})
