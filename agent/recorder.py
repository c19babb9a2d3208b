"""Pipeline events → the store, never in the way of sound.

What is to be written is queued and written by one task, in order, within a second where the
database answers; while it does not, it waits and is tried again.
"""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Final, assert_never

from agent.till import Till
from core.errors import StoreError, StoreUnavailable
from core.metrics import ANSWERS_DISCARDED, TURN_SECONDS, TURNS
from pipeline.events import TurnEnded
from store.ledger import Charge, LedgerRepository
from store.pool import Connection, Database
from store.records import NewTurn, SessionId, Substitution, TurnId, TurnRecord
from store.sessions import SessionRepository
from store.turns import TurnRepository

log = logging.getLogger(__name__)

RETRY_WAIT_S: Final = 1.0
LAST_ROWS_S: Final = 10.0
"""How long a closing session waits for its turns to be written."""
WAITING_ROWS: Final = 1000
"""Turns of an hour and more. Beyond that new ones are lost, and said to be."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A turn and what it is charged."""

    turn: NewTurn
    charges: Sequence[Charge]


@dataclass(frozen=True, slots=True)
class Rest:
    """What is charged for after the last turn."""

    charges: Sequence[Charge]


Row = Exchange | Rest | Substitution


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who is told: `on_stored` of each turn that everybody can read now, `on_exhausted` after
    each that left nothing to pay the next one with."""

    on_stored: Callable[[TurnRecord], None]
    on_exhausted: Callable[[], None]


class Recorder:
    """Writes the turns of one session, charged by its till, and what it could not be served;
    use `opened`."""

    def __init__(
        self, database: Database, session_id: SessionId, till: Till, listeners: Listeners
    ) -> None:
        self._database = database
        self._session_id = session_id
        self._till = till
        self._listeners = listeners
        self._rows: asyncio.Queue[Row | None] = asyncio.Queue(WAITING_ROWS)

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, database: Database, session_id: SessionId, till: Till, listeners: Listeners
    ) -> AsyncIterator["Recorder"]:
        """Write in the background; leaving waits for what is queued, within bounds."""
        recorder = cls(database, session_id, till, listeners)
        task = asyncio.create_task(recorder._write_all(), name="recorder")
        try:
            yield recorder
        finally:
            if rest := till.take():
                recorder._queue(Rest(rest))
            await recorder._rows.put(None)
            _, late = await asyncio.wait([task], timeout=LAST_ROWS_S)
            if late:
                log.error("rows.lost", extra={"n": recorder._rows.qsize()})
                task.cancel()
                await asyncio.wait([task])

    def record(self, event: TurnEnded) -> None:
        """Queue a turn, count it, and say so in one line."""
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
        self._queue(Exchange(self._turn(event, latencies), self._till.take()))

    def record_substitution(self, substitution: Substitution) -> None:
        """Queue what the session is served instead of what was asked for."""
        self._queue(substitution)

    def _queue(self, row: Row) -> None:
        try:
            self._rows.put_nowait(row)
        except asyncio.QueueFull:
            log.error("rows.lost", extra={"n": 1})

    def _turn(self, event: TurnEnded, latencies: dict[str, int | None]) -> NewTurn:
        return NewTurn(
            id=TurnId(uuid.UUID(event.id)),
            turn_index=event.turn_index,
            user_transcript=event.user_transcript,
            agent_response=event.agent_response,
            interrupted=event.interrupted,
            llm_model=self._till.model.id,
            language=event.language,
            started_at_ms=event.started_at_ms,
            ended_at_ms=event.ended_at_ms,
            **asdict(event.moments),
            caller_audio_s=event.caller_audio_s,
            agent_audio_s=event.agent_audio_s,
            tool_rounds=None,
            **latencies,
        )

    async def _write_all(self) -> None:
        while (row := await self._rows.get()) is not None:
            await self._write(row)

    async def _write(self, row: Row) -> None:
        while True:
            try:
                async with self._database.transaction() as connection:
                    tell = await self._store(row, connection)
                tell()
                return
            except StoreUnavailable:
                log.warning("row.waiting", extra={"row": type(row).__name__})
                await asyncio.sleep(RETRY_WAIT_S)
            except StoreError as exc:
                extra = {"row": type(row).__name__, "error": type(exc).__name__}
                log.error("row.lost", extra=extra)
                return

    async def _store(self, row: Row, connection: Connection) -> Callable[[], None]:
        """Write it, and return what is to be told once that is certain.

        Each may be repeated: turns and charges have their ids, a substitution is listed once.
        """
        match row:
            case Exchange():
                return await self._store_exchange(row, connection)
            case Rest():
                await LedgerRepository(connection).charge(self._session_id, row.charges)
            case Substitution():
                await SessionRepository(connection).add_substitution(self._session_id, row)
            case _:
                assert_never(row)
        return lambda: None

    async def _store_exchange(self, row: Exchange, connection: Connection) -> Callable[[], None]:
        stored = await TurnRepository(connection).add_turn(self._session_id, row.turn, row.charges)
        has_funds = await LedgerRepository(connection).has_funds(self._session_id)

        def tell() -> None:
            self._listeners.on_stored(stored)
            if not has_funds:
                self._listeners.on_exhausted()

        return tell
