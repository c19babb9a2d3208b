"""Agents that are sent for in the place of one that is gone.

LiveKit knows of a worker that is stopped or cut off only after many seconds, and may offer it the
session once more. So it is asked whether a worker has taken the session:

    1 ─ taken ──── 2 s ──▶ 1 more, should it come to nothing
      └ untaken ─ 0.5 s ─▶ 2 ─ 0.5 s ─▶ 3          the first to claim the session has it

No more than that: where workers are only slow, every agent more is a process more to start.
"""

import logging
from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import uuid4

from control_api.sessions.rooms import Rooms
from core.errors import StoreRefused
from core.metrics import SUCCESSORS_SENT
from store.events import EventKind, EventRepository, NewEvent
from store.holds import LapsedHold
from store.pool import Connection, Database
from store.reaping import ReapingRepository
from store.records import SessionId

_log: Final = logging.getLogger(__name__)

DISPATCH_EVERY: Final = timedelta(seconds=2)
UNTAKEN_EVERY: Final = timedelta(seconds=0.5)
MORE: Final = {1: 2, 3: 3}
"""By how many were sent for in vain. Of two workers, one of which is cut off, that one is offered
all six in one time of 64."""
EAGER_S: Final = 3.0
"""Since the lease ran out; then there may be no worker at all."""


class Successors:
    """Those that one process has sent for. It knows nothing of what others have sent."""

    def __init__(self, database: Database, rooms: Rooms, agent_name: str) -> None:
        self._database = database
        self._rooms = rooms
        self._agent_name = agent_name
        self._sent: dict[SessionId, list[str]] = {}

    def forget_all_but(self, session_ids: Collection[SessionId]) -> None:
        """The leases of all others are good again, or they are over."""
        self._sent = {one: sent for one, sent in self._sent.items() if one in session_ids}

    async def send(self, hold: LapsedHold) -> None:
        """Send for one, or for more, unless somebody did a moment ago.

        Raises `StoreError`, `LiveKitUnavailable`.
        """
        is_untaken = await self._is_untaken(hold)
        pause = UNTAKEN_EVERY if is_untaken else DISPATCH_EVERY
        async with self._database.connection() as connection:
            reaping = ReapingRepository(connection)
            if not await reaping.claim_dispatch(hold.session_id, pause):
                return
            try:
                await self._tell_away(connection, hold)
            except StoreRefused as exc:  # the caller waits, whoever watches does not
                refused = {"session_id": str(hold.session_id), "reason": str(exc)}
                _log.warning("succession.not_told", extra=refused)
        extra = {"session_id": str(hold.session_id), "recoveries": hold.recoveries}
        _log.warning("successor.sent", extra=extra)
        sent = self._sent.setdefault(hold.session_id, [])
        for _ in range(MORE[len(sent)] if is_untaken else 1):
            sent.append(await self._dispatch(hold))

    async def _is_untaken(self, hold: LapsedHold) -> bool:
        sent = self._sent.get(hold.session_id, [])
        if len(sent) not in MORE or hold.lapsed_s >= EAGER_S:
            return False
        return not await self._rooms.have_taken(hold.room_name, sent)

    async def _dispatch(self, hold: LapsedHold) -> str:
        SUCCESSORS_SENT.inc()
        return await self._rooms.dispatch(
            hold.room_name, hold.session_id, self._agent_name, seat=hold.seat + 1
        )

    async def _tell_away(self, connection: Connection, hold: LapsedHold) -> None:
        """Raises `StaleError` where it has been claimed meanwhile."""
        away = {"status": hold.status.value, "agent_state": "agent_away"}
        await EventRepository(connection).tell(
            hold.session_id,
            [NewEvent(EventKind.STATE, away)],
            write_id=uuid4(),
            epoch=hold.epoch,
        )
