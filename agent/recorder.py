"""Pipeline events → the store, never in the way of sound.

What is to be written is queued and written by one task, in order, within a second where the
database answers; while it does not, it waits and is tried again. The end comes behind all that
was said.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from typing import Final

from agent.rows import (
    ChargesRow,
    EndRow,
    Row,
    RowWriter,
    TurnRow,
    Written,
    count_lost,
    kind_of,
    new_turn,
)
from agent.till import Till
from core.errors import StaleError, StoreUnavailable
from core.metrics import ANSWERS_DISCARDED, TURN_SECONDS, TURNS
from pipeline.events import TurnEnded
from store.records import EndReason, Substitution, TurnRecord

log = logging.getLogger(__name__)

RETRY_WAIT_S: Final = 1.0
LAST_ROWS_S: Final = 6.0
"""How long a closing session waits for its rows to be written."""
WAITING_ROWS: Final = 1000
"""Turns of an hour and more. Beyond that new ones are lost, and said to be; the end is not."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who is told: `on_stored` of each turn that everybody can read now, `on_exhausted` after
    each that left nothing to pay the next one with, `on_stale` when another holds the session."""

    on_stored: Callable[[TurnRecord], None]
    on_exhausted: Callable[[], None]
    on_stale: Callable[[], None]


class Recorder:
    """Writes one session's turns, charged by its till, what it could not be served, and its end;
    use `opened`."""

    def __init__(self, writer: RowWriter, till: Till, listeners: Listeners) -> None:
        self._writer = writer
        self._till = till
        self._listeners = listeners
        self._rows: deque[Row] = deque()
        self._news = asyncio.Event()
        self._written = asyncio.Event()
        self._flushed_by: float | None = None
        self._is_ended = False
        self._is_stale = False

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, writer: RowWriter, till: Till, listeners: Listeners
    ) -> AsyncIterator["Recorder"]:
        """Write in the background; leaving waits for what is queued, within bounds."""
        recorder = cls(writer, till, listeners)
        task = asyncio.create_task(recorder._write_all(), name="recorder")
        try:
            yield recorder
        finally:
            try:
                recorder._queue_rest()
                await recorder.flush()
            finally:
                task.cancel()
                await asyncio.wait([task])
                _tell_lost(recorder._rows)

    def record(self, event: TurnEnded) -> None:
        """Queue a turn, count it, and say so in one line."""
        _tell_turn(event)
        self._queue(TurnRow(new_turn(event, self._till.model.id), self._till.take()))

    def record_substitution(self, substitution: Substitution) -> None:
        """Queue what the session is served instead of what was asked for."""
        self._queue(substitution)

    def end(self, reason: EndReason, *, ended_s_ago: float = 0.0) -> None:
        """Queue the session's end; the first counts. It had been over for so long by now."""
        if self._is_ended:
            return
        self._is_ended = True
        self._queue_rest()
        self._queue(EndRow(reason, asyncio.get_running_loop().time() - ended_s_ago))

    async def flush(self) -> bool:
        """Wait for all that is queued, within bounds; whether all of it is written.

        The bounds hold for all that wait, however often they do, until all is written.
        """
        if self._flushed_by is None:
            self._flushed_by = asyncio.get_running_loop().time() + LAST_ROWS_S
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._flushed_by):
                while self._rows:
                    self._written.clear()
                    await self._written.wait()
                self._flushed_by = None
        return not self._rows and not self._is_stale

    def _queue_rest(self) -> None:
        if rest := self._till.take():
            self._queue(ChargesRow(rest))

    def _queue(self, row: Row) -> None:
        is_full = len(self._rows) >= WAITING_ROWS and not isinstance(row, EndRow)
        if is_full or self._is_stale:
            _tell_lost([row])
            return
        self._rows.append(row)
        self._news.set()

    async def _write_all(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while self._rows:
                written = await self._write(self._rows[0])
                if self._rows:
                    self._rows.popleft()
                if written is not None:
                    self._tell(written)
            self._written.set()

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

    def _tell(self, written: Written) -> None:
        if written.turn is not None:
            self._listeners.on_stored(written.turn)
        if not written.has_funds:
            self._listeners.on_exhausted()

    def _give_up(self) -> None:
        """Another holds the session: what is queued is its to tell, or nobody's."""
        self._is_stale = True
        _tell_lost(self._rows, StaleError.__name__)
        self._rows.clear()
        self._listeners.on_stale()


def _tell_turn(event: TurnEnded) -> None:
    latencies = asdict(event.latencies)
    for stage, milliseconds in latencies.items():
        if milliseconds is not None:
            labels = (stage.removesuffix("_ms"), event.language)
            TURN_SECONDS.labels(*labels).observe(milliseconds / 1000)
    TURNS.labels(str(event.interrupted).lower()).inc()
    ANSWERS_DISCARDED.inc(event.n_discarded)
    log.info(
        "turn.ended",
        extra={
            "turn_index": event.turn_index,
            "interrupted": event.interrupted,
            "n_discarded": event.n_discarded,
            "tool_calls": event.tool_calls,
            "tools_ms": event.tools_ms,
            **latencies,
        },
    )


def _tell_lost(rows: Collection[Row], error: str | None = None) -> None:
    if rows:
        log.error("rows.lost", extra={"kinds": count_lost(rows), "error": error})
