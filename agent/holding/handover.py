"""A planned hand-over, as the job sees it that holds the session.

sign ── DRAIN_S ──▶ send for a successor ─ it shows that it is ready ─▶ nobody speaks ─▶ hand over
                      ▲     └─ nobody comes, or it is gone ─┘
                      └── every 10 s, while the session goes on as ever
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from livekit import rtc
from livekit.agents import JobContext
from livekit.api import CreateAgentDispatchRequest

from agent.holding.keeper import Keeper
from agent.records.recorder import Recorder
from agent.server_calls import granted
from agent.signs import Sign
from core.errors import StoreError
from pipeline.conversation import Conversation
from store.summons import Summons

log = logging.getLogger(__name__)

READY_ATTRIBUTE: Final = "vaarta.ready"
"""A successor's in the room: the id of its job."""
READY_TIMEOUT_S: Final = 10.0
AGAIN_S: Final = 10.0
QUIET_TIMEOUT_S: Final = 20.0
"""Without a moment in which nobody speaks it is handed over in mid-speech: the rest of an answer is
said by the successor, and the caller's words are heard from their beginning."""
DISPATCH_TIMEOUT_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class HandOver:
    """What is needed to hand one session over. `on_done` is told when it is another's."""

    job: JobContext
    summons: Summons
    agent_name: str
    keeper: Keeper
    recorder: Recorder
    conversation: Conversation
    on_done: Callable[[], None]

    async def run(self, sign: Sign, drain_s: float) -> None:
        """Wait for the sign and the time that sessions have to end by themselves, then hand over.

        Returns when that is done; it is tried until then.
        """
        await sign.seen()
        await asyncio.sleep(drain_s)
        while not await self._try():
            log.warning("handover.failed")
            await asyncio.sleep(AGAIN_S)
        log.info("session.handed_over")
        self.on_done()

    async def _try(self) -> bool:
        successor = await self._successor()
        if successor is None:
            return False
        try:
            async with asyncio.timeout(QUIET_TIMEOUT_S):
                await self.conversation.quiet()
        except TimeoutError:
            log.info("handover.in_mid_speech")
        # What this job has not written by then would be refused afterwards.
        is_written = await self.recorder.flush()
        if not is_written or _shown(self.job.room, self._wanted.identity) != successor:
            return False
        try:
            return await self.keeper.hand_over(successor)
        except StoreError as exc:
            log.warning("handover.unwritten", extra={"error": type(exc).__name__})
            return False

    @property
    def _wanted(self) -> Summons:
        """What a successor is told."""
        given = self.summons
        return Summons(given.session_id, given.seat + 1, self.job.job.id, given.traceparent)

    async def _successor(self) -> str | None:
        """Send for one, and wait until it shows the id of its job. One that was late is taken when
        it is there by now: another, with the same identity, would put it out."""
        summons = self._wanted
        if late := _shown(self.job.room, summons.identity):
            return late
        wanted = CreateAgentDispatchRequest(
            agent_name=self.agent_name, room=self.job.job.room.name, metadata=summons.written()
        )
        sending = self.job.api.agent_dispatch.create_dispatch(wanted)
        if not await granted(sending, refused="successor.not_sent", timeout_s=DISPATCH_TIMEOUT_S):
            return None
        return await self._readiness(summons.identity)

    async def _readiness(self, identity: str) -> str | None:
        ready = asyncio.Event()

        def look(*_: object) -> None:
            if _shown(self.job.room, identity):
                ready.set()

        self.job.room.on("participant_attributes_changed", look)
        self.job.room.on("participant_connected", look)
        try:
            async with asyncio.timeout(READY_TIMEOUT_S):
                look()
                await ready.wait()
        except TimeoutError:
            return None
        finally:
            self.job.room.off("participant_attributes_changed", look)
            self.job.room.off("participant_connected", look)
        return _shown(self.job.room, identity)


def _shown(room: rtc.Room, identity: str) -> str | None:
    participant = room.remote_participants.get(identity)
    return None if participant is None else participant.attributes.get(READY_ATTRIBUTE)
