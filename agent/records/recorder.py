"""Pipeline events → a session's rows, its end last; never in the way of sound."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Final

from agent.records.journal import Journal
from agent.records.row_queue import RowQueue
from agent.records.rows import ChargesRow, EndRow, RowWriter, TurnRow, Written, new_turn
from agent.records.till import Till
from core.metrics import ANSWERS_DISCARDED, TURN_CHARACTERS, TURN_SECONDS, TURN_TOKENS, TURNS
from pipeline.events import TurnEnded
from pipeline.spending import Spent, counts_of
from store.ledger import Charge
from store.records import EndReason, Substitution, TurnRecord

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who is told: `on_stored` of each turn that everybody can read now, `on_exhausted` after
    each that left nothing to pay the next one with, `on_stale` when another holds the session."""

    on_stored: Callable[[TurnRecord], None]
    on_exhausted: Callable[[], None]
    on_stale: Callable[[], None]

    def written(self, row: Written) -> None:
        """Tell what came of a row."""
        if row.turn is not None:
            self.on_stored(row.turn)
        if not row.has_funds:
            self.on_exhausted()


class Recorder:
    """Records one session's turns, charged by its till, what it could not be served, and its end;
    use `opened`."""

    def __init__(self, rows: RowQueue, till: Till, *, keeps_words: bool) -> None:
        self._rows: Final = rows
        self._till: Final = till
        self._keeps_words: Final = keeps_words
        self._is_ended = False

    @classmethod
    @asynccontextmanager
    async def opened(
        cls,
        writer: RowWriter,
        journal: Journal,
        till: Till,
        listeners: Listeners,
        *,
        keeps_words: bool = True,
    ) -> AsyncIterator["Recorder"]:
        """Write in the background; leaving charges the rest and waits for what is queued, within
        bounds. Unless it `keeps_words`, turns come to rows and journal without theirs."""
        async with RowQueue.opened(
            writer, journal, on_written=listeners.written, on_stale=listeners.on_stale
        ) as rows:
            recorder = cls(rows, till, keeps_words=keeps_words)
            try:
                yield recorder
            finally:
                recorder._charge_rest()

    def record(self, event: TurnEnded) -> None:
        """Queue a turn, count it, and say so in one line."""
        _tell(event)
        turn = new_turn(event, self._till.model.id)
        kept = turn if self._keeps_words else turn.without_words()
        self._rows.put(TurnRow(kept, self._till.take()))

    def record_substitution(self, substitution: Substitution) -> None:
        """Queue what the session is served instead of what was asked for."""
        self._rows.put(substitution)

    def charge(self, charges: Sequence[Charge]) -> None:
        """Queue what another job of the session has used and not charged."""
        if charges:
            self._rows.put(ChargesRow(charges))

    def end(self, reason: EndReason, *, ended_s_ago: float = 0.0) -> None:
        """Queue the session's end; the first counts. It had been over for so long by now."""
        if self._is_ended:
            return
        self._is_ended = True
        self._charge_rest()
        self._rows.put(EndRow(reason, asyncio.get_running_loop().time() - ended_s_ago))

    async def flush(self) -> bool:
        """Wait until all of it is written, or kept for the replayer, within bounds; whether it is
        written."""
        return await self._rows.flush()

    def _charge_rest(self) -> None:
        if rest := self._till.take():
            self._rows.put(ChargesRow(rest))


def _tell(event: TurnEnded) -> None:
    latencies = {**asdict(event.latencies), "acknowledged_ms": event.acknowledged_ms}
    for stage, milliseconds in latencies.items():
        if milliseconds is not None:
            labels = (stage.removesuffix("_ms"), event.language)
            TURN_SECONDS.labels(*labels).observe(milliseconds / 1000)
    TURNS.labels(str(event.interrupted).lower()).inc()
    ANSWERS_DISCARDED.inc(event.n_discarded)
    _count(event.used, "used")
    _count(event.discarded, "discarded")
    log.info(
        "turn.ended",
        extra={
            "turn_index": event.turn_index,
            "interrupted": event.interrupted,
            "n_discarded": event.n_discarded,
            **counts_of(event.used, event.discarded),
            "tool_calls": event.tool_calls,
            "tools_ms": event.tools_ms,
            **latencies,
        },
    )


def _count(spent: Spent, fate: str) -> None:
    TURN_TOKENS.labels("input", fate).inc(spent.input_tokens)
    TURN_TOKENS.labels("output", fate).inc(spent.output_tokens)
    TURN_CHARACTERS.labels(fate).inc(spent.characters)
