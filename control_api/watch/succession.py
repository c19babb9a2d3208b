"""Sessions whose worker is gone: a successor is sent for, or they are ended.

    lease ran out ─┬─ the agent shows in the room that it lives ─▶ nothing: it lacks the database
                   ├─ it has lost too many workers              ─▶ agent_error
                   ├─ caller there  ─▶ an agent is sent for, and again; for 15 s in vain ─▶ ended
                   ├─ caller not, and the agent lived until now ─▶ its own end has a minute to come
                   └─ caller not    ─▶ for two leases ─▶ ended

Every process looks, often, since a caller hears nothing meanwhile. It remembers only whether an
agent's sign of life still changes, and whom it has sent for; each dispatch is claimed in the
database, and whoever claims the session itself does so under its lease. Each session is seen to in
a task of its own, so that a room or a row that makes trouble holds up no other.
"""

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Final

from aiohttp import web

from control_api.parts import DATABASE, HEALTH, SETTINGS
from control_api.sessions.rooms import ROOMS, Rooms
from control_api.watch.ending import end_for
from control_api.watch.successors import Successors
from core.errors import LiveKitUnavailable, StoreError
from core.setting_groups import AgentSettings
from core.supervision import Tasks, kept_up, looked
from store.holds import MAX_RECOVERIES, HoldRepository, LapsedHold
from store.pool import Database
from store.records import EndReason, SessionId, SessionStatus

_log: Final = logging.getLogger(__name__)

LOOK_S: Final = 0.25
ALIVE_S: Final = 2.5
"""A sign of life is given every second; one that has not changed for so long is a dead one's."""
DESERTED_S: Final = 6.0
"""Two leases: by then a caller who lost LiveKit with the agent has tried to come back."""
END_COMES_S: Final = 60.0
"""An agent that lacked the database knows why the session is over. Its journal is read once its
machine has the database again."""
SETTLED_S: Final = 3.0
"""After the database was away every lease has run out; whoever lives renews it first."""
ENDS_SETTLED_S: Final = 15.0
"""And an end that waited for the database is written before one is made up here."""
SUDDEN_S: Final = 1.0
"""A lease that was good at the look before, and ran out so much longer ago than that, did not: the
database's clock was set forward, and whoever lives renews it first."""
BATCH: Final = 100


class Verdict(Enum):
    """What is due for a session whose lease ran out."""

    WAIT = auto()
    SEND_AGENT = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class _Sign:
    """What an agent showed, since when it was the same, and when it was last one of life."""

    text: str
    changed_at: float
    lived_at: float


@dataclass(slots=True)
class SignsOfLife:
    """When each agent's sign of life was last seen to change; `clock` gives seconds."""

    clock: Callable[[], float]
    _seen: dict[SessionId, _Sign] = field(default_factory=dict)

    def dead_for_s(self, session_id: SessionId, text: str) -> float:
        """How long ago it gave its last sign of life: 0 for an agent that lives, for ever for one
        that gave none. It shows `text` now, empty where there is none."""
        now = self.clock()
        last = self._seen.get(session_id, _Sign("", now, -math.inf))
        changed_at = now if text != last.text else last.changed_at
        lives = bool(text) and now - changed_at < ALIVE_S
        lived_at = now if lives else last.lived_at
        self._seen[session_id] = _Sign(text, changed_at, lived_at)
        return now - lived_at

    def forget_all_but(self, session_ids: set[SessionId]) -> None:
        """The leases of all others are good again, or they are over."""
        self._seen = {one: seen for one, seen in self._seen.items() if one in session_ids}


def judge(
    hold: LapsedHold, *, dead_for_s: float, is_caller_here: bool, give_up_after_s: float
) -> Verdict:
    """What is due for a session whose agent gave its last sign of life so long ago."""
    if dead_for_s == 0 or (dead_for_s < END_COMES_S and not is_caller_here):
        return Verdict.WAIT
    is_active = hold.status is SessionStatus.ACTIVE
    if is_active and hold.recoveries >= MAX_RECOVERIES:
        return Verdict.END
    if is_caller_here:
        return Verdict.END if hold.lapsed_s >= give_up_after_s else Verdict.SEND_AGENT
    # One that never began may yet: its token is good for an hour.
    return Verdict.END if is_active and hold.lapsed_s >= DESERTED_S else Verdict.WAIT


class Succession:
    """One process's eyes on the leases; `look` once, or `run` until cancelled."""

    def __init__(
        self,
        database: Database,
        rooms: Rooms,
        tasks: Tasks,
        *,
        agent_name: str,
        settings: AgentSettings,
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._rooms = rooms
        self._tasks = tasks
        self._settings = settings
        self._clock = clock
        self._signs = SignsOfLife(clock)
        self._successors = Successors(database, rooms, agent_name)
        self._reached_at = self._looked_at = clock()
        # Of each session whose lease ran out by now; never, where it did so as leases do.
        self._sudden_at: dict[SessionId, float] = {}
        self._seen_to: dict[SessionId, asyncio.Task[None]] = {}
        self._troubled: set[SessionId] = set()

    async def run(self) -> None:
        """Look again and again; what fails is tried again at the next look."""
        while True:
            try:
                await self.look()
                looked("succession")
            except StoreError as exc:
                self._reached_at = self._clock()
                _log.warning("succession.database_unavailable", extra={"reason": str(exc)})
            await asyncio.sleep(LOOK_S)

    async def look(self) -> Collection[asyncio.Task[None]]:
        """Begin to see to every session whose lease ran out, unless it is being seen to; the tasks
        that do. Raises `StoreError`."""
        async with self._database.connection() as connection:
            lapsed = await HoldRepository(connection).lapsed(BATCH)
        now = self._clock()
        self._forget_all_but({one.session_id for one in lapsed})
        for hold in lapsed:
            is_sudden = hold.lapsed_s > now - self._looked_at + SUDDEN_S
            self._sudden_at.setdefault(hold.session_id, now if is_sudden else -math.inf)
        self._looked_at = now
        if now - self._reached_at < SETTLED_S:
            return ()
        for hold in lapsed:
            if hold.session_id not in self._seen_to:
                seeing = self._tasks.start("lapsed-session", self._see_to_safely(hold))
                self._seen_to[hold.session_id] = seeing
        return tuple(self._seen_to.values())

    def _forget_all_but(self, session_ids: set[SessionId]) -> None:
        self._signs.forget_all_but(session_ids)
        self._successors.forget_all_but(session_ids)
        self._troubled &= session_ids
        self._sudden_at = {one: at for one, at in self._sudden_at.items() if one in session_ids}
        self._seen_to = {one: task for one, task in self._seen_to.items() if not task.done()}

    async def _see_to_safely(self, hold: LapsedHold) -> None:
        """What fails is told once, and tried again at every look."""
        try:
            await self._see_to(hold)
        except (StoreError, LiveKitUnavailable) as exc:
            if hold.session_id not in self._troubled:
                extra = {"session_id": str(hold.session_id), "error": type(exc).__name__}
                _log.warning("succession.held_up", extra={**extra, "reason": str(exc)})
            self._troubled.add(hold.session_id)
        else:
            self._troubled.discard(hold.session_id)

    async def _see_to(self, hold: LapsedHold) -> None:
        present = await self._rooms.participants(hold.room_name)
        if hold.session_id not in self._sudden_at:  # renewed, claimed or over meanwhile
            return
        dead_for_s = self._signs.dead_for_s(hold.session_id, present.sign_of_life)
        # No time counts in which nobody could renew or be sent, or that there was not.
        settled_s = self._clock() - max(self._reached_at, self._sudden_at[hold.session_id])
        if settled_s < SETTLED_S:
            return
        match judge(
            replace(hold, lapsed_s=min(hold.lapsed_s, settled_s)),
            dead_for_s=dead_for_s,
            is_caller_here=present.has(f"caller-{hold.session_id}"),
            give_up_after_s=self._settings.start_timeout_s,
        ):
            case Verdict.SEND_AGENT:
                await self._successors.send(hold)
            case Verdict.END if settled_s >= ENDS_SETTLED_S:
                await self._end(hold)
            case _:
                pass

    async def _end(self, hold: LapsedHold) -> None:
        """End it unless somebody has claimed it meanwhile."""
        is_active = hold.status is SessionStatus.ACTIVE
        reason = EndReason.AGENT_ERROR if is_active else EndReason.START_FAILED
        is_ended = await end_for(
            self._database,
            self._rooms,
            hold.session_id,
            hold.room_name,
            reason,
            epoch=hold.epoch,
        )
        if is_ended:
            extra = {"session_id": str(hold.session_id), "end_reason": reason.value}
            _log.warning("session.given_up", extra=extra)


async def succession(app: web.Application) -> AsyncIterator[None]:
    """Look after leases as long as the application runs."""
    settings = app[SETTINGS]
    async with Tasks.owned(lambda *_: None) as tasks:  # the next look begins anew
        watching = Succession(
            app[DATABASE],
            app[ROOMS],
            tasks,
            agent_name=settings.livekit.agent_name,
            settings=settings.agent,
            clock=asyncio.get_running_loop().time,
        )
        async with kept_up("succession", watching.run, health=app[HEALTH]):
            yield
