"""Caller and agent meet: both are there and hear each other, and the session is begun.

joined ─▶ track published ────────────▶ caller hears? ──▶ start and length watched ──▶ talk
     └──▶ caller here? ──▶ row begun ──┘     └─ too late
              └─ nobody        └─ no place
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Final

from agent.equipment.equipment import WorkerResources
from agent.holding.held import Held
from agent.holding.parting import Parting, Way
from agent.holding.session_row import SessionRow
from agent.records.rows import Mandate
from agent.room.call import Call
from agent.session.watches import follow_caller, start_in_time, wind_down_in_time
from core.supervision import Tasks, stop_tasks
from pipeline.conversation import Conversation
from store.records import EndReason, SessionRecord, SessionStatus

log = logging.getLogger(__name__)

NOT_LESS_S: Final = 5.0
"""LiveKit closes the room of a caller who has not come in time; this is for where it does not."""
ABSENT_S: Final = 0.7
"""The caller's connection made the room; one who is not there by now has left it again."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """What watches the session from then on runs in `tasks`; `has_spoken` is set by the agent's
    first sound. `waits_s`: since the job's offer, for a caller who may not come; 0 for one who made
    the room."""

    record: SessionRecord
    resources: WorkerResources
    call: Call
    parting: Parting
    tasks: Tasks
    has_spoken: asyncio.Event
    waits_s: int

    async def comes_about(self, held: Held, conversation: Conversation) -> bool:
        """Wait for the caller and their ear, begin what is not begun. False, and the job parts from
        the session, when that cannot be.

        Raises `TimeoutError`, or what the SDK makes of a server that is away.
        """
        await self.call.join()
        publishing = asyncio.create_task(self.call.publish(), name="publish")
        try:
            has_begun = await self._has_begun(held, conversation)
            await publishing
        finally:
            await stop_tasks([publishing])
        if not has_begun:
            return False
        start = self.resources.start
        start.mark("published")
        settings = self.resources.settings.agent
        if not await self.call.attended(settings.start_timeout_s):
            self.parting.stop(EndReason.START_FAILED)
        if self.parting.way is not None:
            return False
        start.mark("attended")
        if not held.is_taken_up:
            starting = start_in_time(self.has_spoken, self.parting, settings.start_timeout_s)
            self.tasks.start("start", starting)
        left_s = self.record.config["max_duration_seconds"] - held.elapsed_s
        self.tasks.start("clock", wind_down_in_time(conversation, left_s))
        return True

    async def _has_begun(self, held: Held, conversation: Conversation) -> bool:
        """Whether the caller is there, and the session has a place."""
        settings = self.resources.settings.agent
        start = self.resources.start
        if held.is_taken_up:
            self.parting.has_met = True
        if not await self.call.presence.here(self._patience_s(held)):
            log.info("session.nobody_came")
            if self.parting.has_met:
                self.parting.stop(EndReason.CALLER_HANGUP)
            else:
                self.parting.part(Way.UNMET)
            return False
        self.parting.has_met = True
        start.mark("met")
        following = follow_caller(
            self.call.presence, conversation, self.parting, grace_s=settings.rejoin_grace_s
        )
        self.tasks.start("caller", following)
        if not held.is_taken_up and not await self._mark_active(held):
            return False
        start.mark("active")
        log.info("session.active")
        return True

    def _patience_s(self, held: Held) -> float:
        if held.is_taken_up:
            return self.resources.settings.agent.rejoin_grace_s
        if self.parting.has_met:
            return ABSENT_S
        return max(ABSENT_S, self.waits_s + NOT_LESS_S - self.resources.start.elapsed_s())

    async def _mark_active(self, held: Held) -> bool:
        """Take one of the tenant's places; without one, or a row to begin, it is over."""
        mandate = Mandate(self.record.id, held.claim.epoch)
        row = SessionRow(self.resources.database, mandate, self.resources.catalog.places)
        status = await row.begin()
        if status is None:
            return True
        has_no_place = status is SessionStatus.CREATED
        log.warning("session.not_startable", extra={"has_no_place": has_no_place})
        self.parting.stop(EndReason.CONCURRENCY_LIMIT if has_no_place else EndReason.AGENT_ERROR)
        return False
