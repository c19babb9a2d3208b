"""One client's stream of a session's events.

    read a page ─▶ write each ─▶ more? read on
         ▲                        closed? the end, done
         └── woken, or it is time ◀── wait

The client is written to as fast as it reads and no faster: what it has not got yet stays in the
database, so a slow one costs a page of memory, and one that takes nothing is cut off.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from control_api.events.hub import Client, EventHub
from control_api.request.json_text import compact
from control_api.sessions.answers import Session, Turn
from store.events import EventRecord, EventRepository, FeedPage
from store.pool import Database
from store.records import SessionId, TenantId
from store.sessions import SessionRepository
from store.turns import TurnRepository

PAGE: Final = 50
COMMENT: Final = b": still here\n\n"
_WATCHED_FOR: Final = timedelta(minutes=1)
_WATCH_EVERY_S: Final = 20.0
_ENDING_POLL_S: Final = 0.5
"""How often an ended session is looked at until its agent has told its last."""


@dataclass(frozen=True, slots=True)
class Source:
    """Whose events, and where they come from."""

    database: Database
    hub: EventHub
    tenant_id: TenantId
    session_id: SessionId


class EventStream:
    """The messages after the one that the client had last; iterate `messages` once."""

    def __init__(self, source: Source, client: Client, *, comment_every_s: float) -> None:
        self._source = source
        self._client = client
        self._comment_every_s = comment_every_s
        self._number = 0
        self._has_ended = False

    async def begin(self, last_number: int) -> bool:
        """Find the client's place. False when it has had everything, the end included."""
        await self._watch()
        page = await self._read(last_number)
        if page.is_closed and last_number >= page.last_number:
            return False
        self._number = min(last_number, page.last_number)
        return True

    async def messages(self) -> AsyncIterator[bytes]:
        """Events in order, comments in between, the end last. Stops early for who is to leave."""
        loop = asyncio.get_running_loop()
        comment_at = loop.time() + self._comment_every_s
        watch_at = loop.time() + _WATCH_EVERY_S
        while not self._client.is_leaving:
            self._client.wake.clear()
            page = await self._read(self._number)
            async for message in self._tell(page):
                yield message
            if len(page.events) == PAGE:
                continue
            if page.is_closed:
                yield await self._end(page.last_number)
                return
            self._has_ended = page.has_ended
            if page.has_ended and await self._close():
                continue
            await self._sleep(min(comment_at, watch_at))
            if loop.time() >= comment_at:
                comment_at = loop.time() + self._comment_every_s
                yield COMMENT
            if loop.time() >= watch_at:
                watch_at = loop.time() + _WATCH_EVERY_S
                await self._watch()

    async def _tell(self, page: FeedPage) -> AsyncIterator[bytes]:
        turns = await self._turns(page.events)
        for event in page.events:
            self._number = event.number
            data = event.data if event.turn_id is None else turns[str(event.turn_id)]
            yield message(event.number, event.kind.value, data)

    async def _turns(self, events: Sequence[EventRecord]) -> dict[str, Turn]:
        ids = [event.turn_id for event in events if event.turn_id is not None]
        if not ids:
            return {}
        async with self._source.database.connection() as connection:
            found = await TurnRepository(connection).find_turns(self._source.session_id, ids)
        return {str(turn.id): Turn.of(turn) for turn in found}

    async def _end(self, number: int) -> bytes:
        source = self._source
        async with source.database.connection() as connection:
            session = await SessionRepository(connection).get(source.tenant_id, source.session_id)
        return message(number, "end", Session.of(session))

    async def _sleep(self, until: float) -> None:
        """Wait to be woken, but not beyond `until` on the loop's clock."""
        longest_s = _ENDING_POLL_S if self._has_ended else self._source.hub.patience_s
        left_s = until - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(max(0.0, min(left_s, longest_s))):
                await self._client.wake.wait()
        except TimeoutError:
            return

    async def _read(self, after: int) -> FeedPage:
        async with self._source.database.connection() as connection:
            events = EventRepository(connection)
            return await events.read(self._source.session_id, after=after, limit=PAGE)

    async def _watch(self) -> None:
        async with self._source.database.connection() as connection:
            await EventRepository(connection).watch(self._source.session_id, _WATCHED_FOR)

    async def _close(self) -> bool:
        """Whether the session's end has its number now."""
        async with self._source.database.connection() as connection:
            return await EventRepository(connection).close(self._source.session_id)


def message(number: int | None, event: str, data: Any) -> bytes:
    """One server-sent event, without an id for None; compact JSON holds no line break."""
    place = "" if number is None else f"id: {number}\n"
    return f"{place}event: {event}\ndata: ".encode() + compact(data) + b"\n\n"
