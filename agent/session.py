"""One session's life inside a job: begin or take up, talk, come back, part.

    room joined ∥ greeting made ─▶ caller here ─▶ active ─▶ conversation ─▶ over
                                        │           ▲            │
     claimed, or handed over by another ┴─▶ taken up└─ back ── caller gone

The job holds the session under a lease. It parts from it in one of three ways: the session is over,
and its row is ended; the session goes on with another job, and this one lets go of it; or another
holds it already, and this one only leaves.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from enum import Enum, auto
from typing import Final

from livekit import rtc
from livekit.agents import JobContext
from livekit.rtc.participant import PublishTrackError

from agent.call import Call, CallHandlers
from agent.caller_sound import CallerSound
from agent.equipment import WorkerResources, opened_equipment
from agent.handover import HandOver
from agent.held import Held
from agent.journal import Journal, JournalFolder
from agent.keeper import Keeper
from agent.live_events import LiveEvents
from agent.memory import belongings
from agent.parts import SessionSide, script_of
from agent.recorder import Listeners, Recorder
from agent.rows import Mandate, RowWriter
from agent.session_row import SessionRow
from agent.till import Till
from core.errors import ProviderError
from core.metrics import RECOVERIES
from core.supervision import Tasks
from pipeline.conversation import Conversation
from pipeline.events import AgentState, Ending, Event, StateChanged, TurnEnded
from pipeline.metering import Meter
from store.holds import ALIVE_ATTRIBUTE, Belongings
from store.records import EndReason, SessionRecord, SessionStatus, Substitution, TurnRecord
from store.summons import Summons

log = logging.getLogger(__name__)

ABSENT_S: Final = 0.7
"""The caller's connection made the room; one who is not there by now has left it again."""
ROOM_TIMEOUT_S: Final = 5.0
WRITTEN_FIRST_S: Final = 1.0
"""How long the caller waits in the room for the session's end to be written."""
GOODBYE_LEAD_S: Final = 10.0
"""Before the maximum duration no new topic is started."""

Rehearse = Callable[[Call], Awaitable[Held | None]]


class Parting(Enum):
    """How a job parts from its session."""

    OVER = auto()
    LET_GO = auto()
    REPLACED = auto()


class Session:
    """Holds one session; `hold` or `succeed` returns when the job has parted from it.

    `leaving` is set when the process has to let go of its room, for whatever reason.
    """

    def __init__(
        self,
        job: JobContext,
        resources: WorkerResources,
        record: SessionRecord,
        summons: Summons,
        leaving: asyncio.Event,
    ) -> None:
        self._job = job
        self._leaving = leaving
        self._resources = resources
        self._record = record
        self._summons = summons
        self._till = Till(Meter(), resources.catalog, record.config)
        self._keeper = Keeper(resources.database, record.id, job.job.id, on_replaced=self._replaced)
        self._parting: Parting | None = None
        self._end_reason: EndReason | None = None
        self._left_at: float | None = None
        self._is_parted = asyncio.Event()
        self._has_spoken = asyncio.Event()
        self._is_begun_elsewhere = True
        self._track: rtc.RemoteAudioTrack | None = None
        self._sound: CallerSound | None = None
        self._conversation: Conversation | None = None
        self._recorder: Recorder | None = None
        self._holding: asyncio.Task[None]
        self._tasks: Tasks
        self._live: LiveEvents
        self._call: Call

    def stop(self, reason: EndReason) -> None:
        """It is over; the first reason counts."""
        if self._parting is None:
            self._end_reason = reason
        self._part(Parting.OVER)

    async def hold(self, held: Held) -> None:
        """Talk until the job parts from the session, then see to its row and its room."""

        async def at_once(_: Call) -> Held:
            return held

        self._is_begun_elsewhere = held.is_taken_up
        await self._attend(at_once)

    async def succeed(self, rehearse: Rehearse) -> None:
        """As `hold`, once the session is this job's; leave when that does not come about."""
        await self._attend(rehearse)

    def _part(self, parting: Parting) -> None:
        """Leave it; the first way of it counts. Who leaves it to another says and records nothing
        more, so that what is open goes on there."""
        if self._parting is not None:
            return
        self._parting = parting
        if parting is not Parting.OVER:
            self._keeper.remember()
            if self._conversation is not None:
                self._conversation.silence_for_good()
        self._is_parted.set()

    async def _attend(self, rehearse: Rehearse) -> None:
        holding = asyncio.current_task()
        assert holding is not None
        self._holding = holding
        try:
            async with AsyncExitStack() as records:
                try:
                    await self._talk_safely(records, rehearse)
                finally:
                    await self._settle()
            if self._parting is Parting.LET_GO:
                await self._let_go(records)
        finally:
            self._job.shutdown(self._parting.name.lower() if self._parting else "broken")

    async def _let_go(self, records: AsyncExitStack) -> None:
        """Leave it to a successor, who begins before this job has closed all that it opened."""
        await records.aclose()
        is_written = self._recorder is None or await self._recorder.flush()
        await self._keeper.let_go(at_once=is_written)

    async def _talk_safely(self, records: AsyncExitStack, rehearse: Rehearse) -> None:
        try:
            await self._talk(records, rehearse)
        except ProviderError as exc:
            log.error("session.failed", extra={"provider": exc.provider, "reason": exc.reason})
            self.stop(EndReason.START_FAILED)
        except asyncio.CancelledError:
            self._part(Parting.LET_GO)
            raise
        except Exception as exc:
            log.error("session.broken", exc_info=exc)
            self._break()

    async def _talk(self, records: AsyncExitStack, rehearse: Rehearse) -> None:
        resources, config = self._resources, self._record.config
        handlers = CallHandlers(self._listen, self._read, self._lost)
        async with AsyncExitStack() as stack:
            self._call = await stack.enter_async_context(
                Call.opened(self._job, self._record, handlers)
            )
            side = SessionSide(
                self._call.playout,
                self._till.meter,
                resources.board,
                self._substituted,
                self._keeper.soon,
            )
            parts = await stack.enter_async_context(opened_equipment(resources, self._record, side))
            script = script_of(resources.settings, resources.catalog, config)
            conversation = Conversation(parts, script, self._pass_on)
            self._conversation = conversation
            stack.push_async_callback(conversation.close)
            self._tasks = await stack.enter_async_context(Tasks.owned(lambda *_: self._break()))
            self._sound = CallerSound(
                self._tasks, conversation, is_heard=not self._is_begun_elsewhere
            )
            self._sound.follow(self._track)
            self._tasks.start("leave", self._leave_when_told())
            self._tasks.start("cut_off", self._leave_when_cut_off())
            self._tasks.start("converse", self._converse(records, conversation, rehearse))
            await self._is_parted.wait()
            if self._parting is Parting.LET_GO:
                await self._let_go(records)

    async def _converse(
        self, records: AsyncExitStack, conversation: Conversation, rehearse: Rehearse
    ) -> None:
        """Until the conversation ends by itself."""
        if not self._is_begun_elsewhere:
            conversation.prepare_greeting()
        held = await rehearse(self._call)
        if held is None:
            self._part(Parting.REPLACED)
            return
        await self._open_records(records, held)
        if held.is_taken_up:
            conversation.prepare_resumption(held.resume_point())
        try:
            await self._call.connect()
        except (TimeoutError, rtc.ConnectError, PublishTrackError) as exc:
            log.warning("room.not_joined", extra={"error": type(exc).__name__})
            self._part(Parting.LET_GO)
            return
        self._tasks.start("alive", self._keeper.show_life(self._show_life), is_lasting=True)
        if not await self._meet_caller(held, conversation):
            return
        self._keep(conversation)
        self._prepare_hand_over(conversation)
        ending = await (
            self._resume(held, conversation) if held.is_taken_up else conversation.run()
        )
        self.stop(EndReason(ending.value))

    async def _open_records(self, stack: AsyncExitStack, held: Held) -> None:
        """What is told of the session; it outlives the talk and tells of its end."""
        database, mandate = self._resources.database, Mandate(self._record.id, held.claim.epoch)
        self._live = await stack.enter_async_context(
            LiveEvents.opened(database, mandate, self._replaced, n_ended=len(held.turns))
        )
        journal = Journal(JournalFolder.named(self._resources.settings.agent), mandate)
        listeners = Listeners(self._stored, self._exhausted, self._replaced)
        self._recorder = await stack.enter_async_context(
            Recorder.opened(RowWriter(database, mandate), journal, self._till, listeners)
        )
        self._recorder.charge(held.claim.unbilled)
        await stack.enter_async_context(self._keeper.kept())

    async def _meet_caller(self, held: Held, conversation: Conversation) -> bool:
        """Wait for the caller and their ear, begin what is not begun. False when that cannot be."""
        patience_s = self._grace_s if held.is_taken_up else ABSENT_S
        if not await self._call.presence.here(patience_s):
            log.info("session.nobody_came")
            self.stop(EndReason.CALLER_HANGUP)
            return False
        self._tasks.start("caller", self._follow_caller(conversation))
        if not held.is_taken_up and not await self._mark_active(held):
            return False
        log.info("session.active")
        if not await self._call.heard(self._resources.settings.agent.start_timeout_s):
            self.stop(EndReason.START_FAILED)
        if self._parting is not None:
            return False
        if not held.is_taken_up:
            self._tasks.start("start", self._start_in_time())
        self._tasks.start("clock", self._watch_clock(held, conversation))
        return True

    async def _mark_active(self, held: Held) -> bool:
        """Take one of the tenant's places; without one, or a row to begin, it is over."""
        mandate = Mandate(self._record.id, held.claim.epoch)
        row = SessionRow(self._resources.database, mandate, self._resources.catalog.places)
        status = await row.begin()
        if status is None:
            return True
        has_no_place = status is SessionStatus.CREATED
        log.warning("session.not_startable", extra={"has_no_place": has_no_place})
        self.stop(EndReason.CONCURRENCY_LIMIT if has_no_place else EndReason.AGENT_ERROR)
        return False

    async def _resume(self, held: Held, conversation: Conversation) -> Ending:
        """Go on where the last holder was, with the caller's sound since then."""
        n_recoveries = held.claim.session.recoveries
        extra = {"recoveries": n_recoveries, "is_planned": held.is_planned}
        log.warning("session.taken_up", extra=extra)
        if not held.is_planned:
            RECOVERIES.inc()
            self._live.show_back(n_recoveries)
        assert self._sound is not None
        kept_s = self._sound.hear_kept(held.unheard_s, held_at=held.at)
        return await conversation.resume(held.resume_point(kept_s=kept_s))

    def _keep(self, conversation: Conversation) -> None:
        """From now on leave behind what a successor needs."""
        language = self._record.config["language"]

        def left() -> Belongings:
            usage = self._till.meter.peek()
            return belongings(conversation.snapshot(usage), self._till, language)

        self._keeper.keep(left)

    def _prepare_hand_over(self, conversation: Conversation) -> None:
        assert self._recorder is not None
        hand_over = HandOver(
            self._job,
            self._summons,
            self._resources.settings.livekit.agent_name,
            self._keeper,
            self._recorder,
            conversation,
            lambda: self._part(Parting.REPLACED),
        )
        drain_s = self._resources.settings.agent.drain_s
        self._tasks.start("hand_over", hand_over.run(self._resources.signs.draining, drain_s))

    async def _show_life(self, beats: str) -> None:
        await self._call.show(ALIVE_ATTRIBUTE, beats)

    async def _leave_when_told(self) -> None:
        await self._leaving.wait()
        self._part(Parting.LET_GO)

    async def _leave_when_cut_off(self) -> None:
        await self._resources.signs.cut_off.seen()
        self._part(Parting.LET_GO)

    async def _start_in_time(self) -> None:
        try:
            async with asyncio.timeout(self._resources.settings.agent.start_timeout_s):
                await self._has_spoken.wait()
        except TimeoutError:
            self.stop(EndReason.START_FAILED)

    @property
    def _grace_s(self) -> float:
        return self._resources.settings.agent.rejoin_grace_s

    async def _follow_caller(self, conversation: Conversation) -> None:
        """A caller whose connection is lost may come back for a while; then they have hung up, as
        one who leaves on purpose has at once."""
        presence = self._call.presence
        while True:
            await presence.gone()
            self._left_at = asyncio.get_running_loop().time()
            log.info("caller.left", extra={"has_hung_up": presence.has_hung_up})
            await conversation.caller_left()
            if not await presence.here(0.0 if presence.has_hung_up else self._grace_s):
                self.stop(EndReason.CALLER_HANGUP)
                return
            self._left_at = None
            log.info("caller.back")
            conversation.caller_back()

    async def _watch_clock(self, held: Held, conversation: Conversation) -> None:
        allowed_s = self._record.config["max_duration_seconds"]
        await asyncio.sleep(max(0.0, allowed_s - held.elapsed_s - GOODBYE_LEAD_S))
        await conversation.wind_down()

    def _listen(self, track: rtc.RemoteAudioTrack | None) -> None:
        self._track = track
        if self._sound is not None:
            self._sound.follow(track)

    def _read(self, text: str) -> None:
        if self._sound is not None:
            self._sound.read(text)

    def _lost(self, is_deleted: bool) -> None:
        """The room is gone: deleted by whoever ended the row first, or out of this job's reach."""
        if is_deleted:
            self.stop(EndReason.AGENT_ERROR)
        else:
            self._part(Parting.LET_GO)

    def _replaced(self) -> None:
        """Another holds the session."""
        log.warning("session.replaced")
        self._part(Parting.REPLACED)

    def _pass_on(self, event: Event) -> None:
        """Every event goes to the room and to who watches, a turn to the store as well."""
        assert self._recorder is not None, "nothing happens before there is somebody to tell"
        if self._holding.cancelling():
            # A job without its worker is torn down, each of its tasks by itself: an answer that
            # ends by that has not ended.
            self._part(Parting.LET_GO)
            return
        if isinstance(event, StateChanged):
            self._keeper.soon()
            if event.state is AgentState.SPEAKING:
                self._has_spoken.set()
        if isinstance(event, TurnEnded):
            self._recorder.record(event)
        self._call.text.show(event)
        self._live.show(event)

    def _stored(self, turn: TurnRecord) -> None:
        self._live.show_turn(turn)
        self._keeper.soon()

    def _exhausted(self) -> None:
        """Credits or the key's budget are used up: say goodbye, unless it is over anyway."""
        if self._parting is None and self._conversation is not None:
            log.info("session.exhausted")
            ending = self._conversation.wind_down(Ending.BUDGET_EXHAUSTED)
            self._tasks.start("exhausted", ending)

    def _substituted(self, entry: Substitution) -> None:
        log.warning("session.substituted", extra={"field": entry.field, "served": entry.served})
        if self._recorder is not None:
            self._recorder.record_substitution(entry)

    async def _settle(self) -> None:
        """Leave the room. Where the session is over, its row is ended and the room closed first:
        also where the agent is out of it already, the caller may still wait in there."""
        if self._parting is not Parting.OVER or self._recorder is None:
            await self._leave_room()
            return
        assert self._end_reason is not None
        self._recorder.end(self._end_reason, ended_s_ago=self._over_for_s)
        with suppress(TimeoutError):
            async with asyncio.timeout(WRITTEN_FIRST_S):
                await self._recorder.flush()
        await self._leave_room()
        closing = self._job.delete_room(self._record.room_name)
        await asyncio.wait([closing], timeout=ROOM_TIMEOUT_S)
        if await self._recorder.flush():
            await self._keeper.finish()

    async def _leave_room(self) -> None:
        """In time or not: in a room that is lost the SDK waits for an answer."""
        try:
            async with asyncio.timeout(ROOM_TIMEOUT_S):
                await self._job.room.disconnect()
        except TimeoutError:
            log.warning("room.not_left")

    @property
    def _over_for_s(self) -> float:
        """The time in which a caller who hung up might have come back is no part of the session."""
        if self._end_reason is not EndReason.CALLER_HANGUP or self._left_at is None:
            return 0.0
        return asyncio.get_running_loop().time() - self._left_at

    def _break(self) -> None:
        """A part of it broke; nothing may go on in silence."""
        is_begun = self._has_spoken.is_set() or self._record.status is SessionStatus.ACTIVE
        self.stop(EndReason.AGENT_ERROR if is_begun else EndReason.START_FAILED)
