"""Looks after sessions that nobody looks after: ends them, or sends for the missing agent.

    created, token's life over, nobody in the room   ─▶ token_expired
    active, past its maximum duration and 30 s       ─▶ timeout
    caller in the room without an agent for 2 s      ─▶ an agent is sent for, every 10 s
      for whom a worker has taken a job for 7.5 s    ─▶ the same
                                        for 15 s     ─▶ start_failed, agent_error once active

Every process looks. Each end is one conditional statement and each dispatch is claimed in the
database, so that whoever is second does nothing. No connection is held while LiveKit is asked.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from aiohttp import web

from control_api.parts import DATABASE, HEALTH, SETTINGS
from control_api.sessions.rooms import ROOMS, Rooms
from control_api.sessions.tokens import TOKEN_TTL_S
from control_api.watch.absence import Absences, Duty
from control_api.watch.ending import end_for
from core.errors import LiveKitUnavailable, StoreUnavailable
from core.settings import Settings
from core.supervision import kept_up, looked
from store.events import EventRepository
from store.pool import Database
from store.reaping import Candidate, ReapingRepository
from store.records import EndReason, SessionStatus
from store.settling import SettlingRepository

_log: Final = logging.getLogger(__name__)

TOKEN_LIFE: Final = timedelta(seconds=TOKEN_TTL_S)
DISPATCH_EVERY: Final = timedelta(seconds=10)
LONGEST_LIFE: Final = 3 * TOKEN_LIFE
"""Joined at the token's end, an hour of talk, and time for those to end it whose part that is."""
BATCH: Final = 100
MAX_WATCHED: Final = 2000
"""Rooms asked after at once: the newest, for it is at the beginning that agents are missing."""


@dataclass(frozen=True, slots=True)
class Reaper:
    """One process's eyes on all sessions; `look` once, or `run` until cancelled."""

    settings: Settings
    database: Database
    rooms: Rooms
    absences: Absences

    async def run(self) -> None:
        """Look again and again; what fails is tried again at the next look."""
        while True:
            try:
                await self.look()
                looked("reaper")
            except StoreUnavailable as exc:
                _log.warning("reaper.database_unavailable", extra={"reason": str(exc)})
            except LiveKitUnavailable as exc:
                _log.warning("reaper.livekit_unavailable", extra={"reason": str(exc)})
            await asyncio.sleep(self.settings.reaper.interval_s)

    async def look(self) -> None:
        """End what is over and send for agents. Raises `StoreError`, `LiveKitUnavailable`."""
        await self._settle()
        async with self.database.connection() as connection:
            await EventRepository(connection).purge(BATCH)
            overdue = await ReapingRepository(connection).overdue(BATCH)
        for one in overdue:
            await self._end(one, EndReason.TIMEOUT, SessionStatus.ACTIVE)
        async with self.database.connection() as connection:
            expired = await ReapingRepository(connection).expired(TOKEN_LIFE, BATCH)
            living = await ReapingRepository(connection).living(LONGEST_LIFE, MAX_WATCHED)
        publishers = await self.rooms.publishers({one.room_name for one in [*expired, *living]})
        for one in expired:
            if not await self._is_joined(one, publishers):
                await self._end(one, EndReason.TOKEN_EXPIRED, SessionStatus.CREATED)
        await self._look_for_agents(living, publishers)

    async def _settle(self) -> None:
        """Write what agents that are gone left of sessions that are over."""
        for _ in range(BATCH):
            async with self.database.transaction() as connection:
                settled = await SettlingRepository(connection).settle()
            if settled is None:
                return
            _log.info("session.settled", extra={"session_id": str(settled)})

    async def _look_for_agents(
        self, living: Collection[Candidate], publishers: Mapping[str, int]
    ) -> None:
        """Where two publish, one is the agent: only the other rooms are worth a question."""
        quiet = [one for one in living if publishers.get(one.room_name, 2) < 2]
        lonely = [one for one in quiet if await self._is_lonely(one)]
        for one, duty in self.absences.judge(lonely):
            match duty:
                case Duty.SEND_AGENT:
                    with _room_apart(one):
                        await self._send_agent(one)
                case Duty.GIVE_UP if one.status is SessionStatus.CREATED:
                    await self._end(one, EndReason.START_FAILED, SessionStatus.CREATED)
                case Duty.GIVE_UP:
                    await self._end(one, EndReason.AGENT_ERROR, SessionStatus.ACTIVE)

    async def _is_lonely(self, one: Candidate) -> bool:
        with _room_apart(one):
            present = await self.rooms.participants(one.room_name)
            return present.has(f"caller-{one.id}") and not present.has_agent
        return False

    async def _is_joined(self, one: Candidate, publishers: Mapping[str, int]) -> bool:
        """Whether the caller is in the room, or may be; one that is not there needs no question."""
        if one.room_name not in publishers:
            return False
        with _room_apart(one):
            return (await self.rooms.participants(one.room_name)).has(f"caller-{one.id}")
        return True

    async def _send_agent(self, one: Candidate) -> None:
        async with self.database.connection() as connection:
            reaping = ReapingRepository(connection)
            is_ours = await reaping.claim_dispatch(one.id, DISPATCH_EVERY)
        if is_ours:
            _log.warning("agent.sent_again", extra={"session_id": str(one.id)})
            await self.rooms.dispatch(one.room_name, one.id, self.settings.livekit.agent_name)

    async def _end(self, one: Candidate, reason: EndReason, only_from: SessionStatus) -> None:
        is_ended = await end_for(
            self.database,
            self.rooms,
            one.id,
            one.room_name,
            reason,
            only_from=frozenset({only_from}),
        )
        if is_ended:
            extra = {"session_id": str(one.id), "end_reason": reason.value}
            _log.info("session.reaped", extra=extra)


@contextmanager
def _room_apart(one: Candidate) -> Iterator[None]:
    """A room for which LiveKit does not answer keeps none of the others from being looked at."""
    try:
        yield
    except LiveKitUnavailable as exc:
        extra = {"session_id": str(one.id), "reason": str(exc)}
        _log.warning("reaper.room_unavailable", extra=extra)


async def reaper(app: web.Application) -> AsyncIterator[None]:
    """Look after sessions as long as the application runs."""
    settings = app[SETTINGS]
    clock: Callable[[], float] = asyncio.get_running_loop().time
    absences = Absences(
        clock,
        send_after_s=settings.reaper.agent_missing_s,
        give_up_after_s=settings.agent.start_timeout_s,
    )
    looking = Reaper(settings, app[DATABASE], app[ROOMS], absences)
    async with kept_up("reaper", looking.run, health=app[HEALTH]):
        yield
