"""Conversation events → the session's live feed, never in the way of sound.

`show` only notes an event. One task writes what is noted, a batch at a time with a pause in
between: a partial transcript that a newer one replaced meanwhile is never written at all. While
the database is away batches wait; partial transcripts are the first to be dropped.

Events are rows for as long as a stream may be resumed. Of a session that keeps no words they tell
that and when something was said, and not what.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import islice
from typing import Any, Final
from uuid import uuid4

from agent.records.rows import Mandate
from core.errors import StaleError, StoreUnavailable
from core.supervision import kept_up
from pipeline.events import AgentTranscribed, CallerTranscribed, Event, StateChanged, TurnEnded
from store.events import EventKind, EventRepository, NewEvent
from store.pool import Database
from store.records import SessionStatus, TurnRecord

log = logging.getLogger(__name__)

PAUSE_S: Final = 0.1
RETRY_WAIT_S: Final = 1.0
LAST_RETRY_WAIT_S: Final = 0.2
LAST_EVENTS_S: Final = 2.0
"""How long a closing session waits for its events to be written."""
BATCH: Final = 100
STOP_S: Final = 1.0
"""A statement that a mute database was asked takes its whole timeout to be taken back."""
MANY_NOTED: Final = 100
MAX_NOTED: Final = 1000
"""From 100 on no partial transcript is noted; beyond 1,000 each event costs the oldest one."""


class LiveEvents:
    """Tells one session's events; use `opened`."""

    def __init__(
        self,
        database: Database,
        mandate: Mandate,
        on_stale: Callable[[], None],
        *,
        keeps_words: bool,
    ) -> None:
        self._keeps_words = keeps_words
        self._database = database
        self._mandate = mandate
        self._on_stale = on_stale
        self._is_stale = False
        self._noted: dict[str, NewEvent] = {}
        self._news = asyncio.Event()
        self._closing = asyncio.Event()
        self._left = asyncio.Event()
        self._n_ended = 0
        self._answered: str | None = None

    @classmethod
    @asynccontextmanager
    async def opened(
        cls,
        database: Database,
        mandate: Mandate,
        on_stale: Callable[[], None],
        *,
        n_ended: int = 0,
        keeps_words: bool = True,
    ) -> AsyncIterator["LiveEvents"]:
        """Write in the background; leaving says that the agent left, within bounds.

        `on_stale` is told when another holds the session: from then on nothing is written.
        `n_ended` turns are over already.
        """
        events = cls(database, mandate, on_stale, keeps_words=keeps_words)
        events._n_ended = n_ended
        async with kept_up("live_events", events._write_all, stop_s=STOP_S):
            try:
                yield events
            finally:
                await events._leave()

    def show(self, event: Event) -> None:
        """Note an event. A turn is noted by `show_turn`, once it is stored."""
        match event:
            case StateChanged(state):
                data = {"status": SessionStatus.ACTIVE.value, "agent_state": state.value}
                self._note(NewEvent(EventKind.STATE, data))
            case CallerTranscribed(segment_id):
                index = self._index_of(segment_id.removesuffix("-caller"), is_final=event.is_final)
                self._transcript(event, "user", index)
            case AgentTranscribed(segment_id):
                self._answered = segment_id.removesuffix("-agent")
                self._transcript(event, "agent", self._n_ended)
            case TurnEnded():
                self._n_ended = event.turn_index + 1
                self._answered = None

    def show_turn(self, turn: TurnRecord) -> None:
        """Note a turn that everybody can read by now."""
        self._note(NewEvent(EventKind.TURN, turn_id=turn.id))

    def show_back(self, recoveries: int) -> None:
        """Note that the session has an agent again, in the place of one that was gone."""
        data = {"status": SessionStatus.ACTIVE.value, "agent_state": "agent_back"}
        self._note(NewEvent(EventKind.STATE, {**data, "recoveries": recoveries}))

    def _index_of(self, exchange_id: str, *, is_final: bool) -> int:
        """The turn that the caller's words belong to: while another one is being answered, the
        one after it. Words become final when their own answer begins."""
        if is_final:
            self._answered = exchange_id
        return self._n_ended + (self._answered not in {None, exchange_id})

    def _transcript(
        self, event: CallerTranscribed | AgentTranscribed, role: str, turn_index: int
    ) -> None:
        if not (self._keeps_words or event.is_final):
            return
        text = _storable(event.text) if self._keeps_words else ""
        told: dict[str, Any] = {"role": role, "text": text}
        told |= {"final": event.is_final, "turn_index": turn_index}
        replaced = self._noted.pop(event.segment_id, None)
        if event.is_final:
            self._note(NewEvent(EventKind.TRANSCRIPT, told))
        elif replaced is not None or len(self._noted) < MANY_NOTED:
            self._note(NewEvent(EventKind.TRANSCRIPT, told), key=event.segment_id)

    def _note(self, event: NewEvent, *, key: str | None = None) -> None:
        if self._is_stale:
            return
        if len(self._noted) >= MAX_NOTED:
            del self._noted[next(iter(self._noted))]
            log.warning("live_events.lost", extra={"n": 1})
        self._noted[key or str(uuid4())] = event
        self._news.set()

    async def _leave(self) -> None:
        self._closing.set()
        self._news.set()
        try:
            async with asyncio.timeout(LAST_EVENTS_S):
                await self._left.wait()
        except TimeoutError:
            log.warning("live_events.lost", extra={"n": len(self._noted)})

    async def _write_all(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while self._noted or (self._closing.is_set() and not self._left.is_set()):
                await self._write_batch()
                await self._pause(PAUSE_S)

    async def _write_batch(self) -> None:
        is_last = self._closing.is_set() and len(self._noted) <= BATCH
        await self._write(self._take(), agent_left=is_last)
        if is_last:
            self._left.set()

    async def _pause(self, at_most_s: float) -> None:
        """Let partial transcripts replace each other, unless the session is closing."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(at_most_s):
                await self._closing.wait()

    def _take(self) -> list[NewEvent]:
        keys = list(islice(self._noted, BATCH))
        return [self._noted.pop(key) for key in keys]

    async def _write(self, batch: list[NewEvent], *, agent_left: bool = False) -> None:
        """Write it once, however often that has to be tried."""
        write_id = uuid4()
        while True:
            try:
                async with self._database.connection() as connection:
                    await EventRepository(connection).tell(
                        self._mandate.session_id,
                        batch,
                        write_id=write_id,
                        agent_left=agent_left,
                        epoch=self._mandate.epoch,
                    )
                return
            except StoreUnavailable:
                log.warning("live_events.waiting", extra={"n": len(batch)})
                if self._closing.is_set():
                    await asyncio.sleep(LAST_RETRY_WAIT_S)
                await self._pause(RETRY_WAIT_S)
            except StaleError:
                self._give_up(len(batch))
                return
            except Exception as exc:
                # Whatever it is, it is this batch's: what comes after it is told.
                log.error("live_events.lost", extra={"n": len(batch), "error": type(exc).__name__})
                return

    def _give_up(self, n_taken: int) -> None:
        """Another holds the session, and tells its events."""
        self._is_stale = True
        n = n_taken + len(self._noted)
        self._noted.clear()
        self._left.set()
        log.warning("live_events.lost", extra={"n": n, "error": StaleError.__name__})
        self._on_stale()


def _storable(text: str) -> str:
    """Without what Postgres cannot hold in JSON."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
