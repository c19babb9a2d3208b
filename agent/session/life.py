"""One session's life inside a job: begin or take up, talk, come back, part.

    room joined ∥ greeting made ─▶ caller here ─▶ active ─▶ conversation ─▶ over
                                        │           ▲            │
     claimed, or handed over by another ┴─▶ taken up└─ back ── caller gone

The job holds the session under a lease. It parts from it in one of four ways: the session is over,
and its row is ended; the session goes on with another job, and this one lets go of it; another
holds it already, and this one only leaves; or its caller has not come, and may yet.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace

from livekit import rtc
from livekit.agents import JobContext
from livekit.rtc.participant import PublishTrackError

from agent.equipment.equipment import WorkerResources, opened_equipment
from agent.equipment.parts import SessionSide, script_of
from agent.holding.handover import HandOver
from agent.holding.held import Held
from agent.holding.keeper import Keeper
from agent.holding.memory import belongings, traceparent_in
from agent.holding.parting import Parting, Way
from agent.holding.session_row import is_over
from agent.holding.settlement import settle
from agent.recording import begin as recording
from agent.records.till import Till
from agent.room.call import Call, CallHandlers
from agent.room.caller_sound import MOST_TYPED, CallerSound
from agent.room.lost_room import is_silent
from agent.session.meeting import Meeting
from agent.session.telling import Telling, Told
from agent.session.watches import leave_after, let_go_when_cut_off
from agent.tracing.session_trace import SessionTrace
from core.errors import ProviderError
from core.metrics import RECOVERIES
from core.supervision import Tasks
from pipeline.conversation import Conversation
from pipeline.events import AgentState, Ending, Event, StateChanged
from pipeline.metering import Meter
from store.holds import ALIVE_ATTRIBUTE, Belongings
from store.records import EndReason, SessionRecord, SessionStatus, Substitution
from store.summons import Summons

log = logging.getLogger(__name__)

Rehearse = Callable[[Call], Awaitable[Held | None]]


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
        self._parting = Parting(self._fall_silent, has_met=not summons.waits_s)
        self._has_spoken = asyncio.Event()
        self._is_begun_elsewhere = True
        self._tape = recording.tape_of(record)
        self._track: rtc.RemoteAudioTrack | None = None
        self._typed_early: list[str] = []
        self._sound: CallerSound | None = None
        self._conversation: Conversation | None = None
        self._telling: Telling | None = None
        self._holding: asyncio.Task[None]
        self._tasks: Tasks
        self._call: Call
        self._trace: SessionTrace

    async def hold(self, held: Held) -> None:
        """Talk until the job parts from the session, then see to its row and its room."""

        async def at_once(_: Call) -> Held:
            return held

        self._is_begun_elsewhere = held.is_taken_up
        with self._traced(self._summons.traceparent or traceparent_in(held.claim.memory)):
            await self._attend(at_once)

    async def succeed(self, rehearse: Rehearse) -> None:
        """As `hold`, once the session is this job's; leave when that does not come about."""
        with self._traced(self._summons.traceparent):
            await self._attend(rehearse)

    @contextmanager
    def _traced(self, parent: str) -> Iterator[None]:
        traces, model = self._resources.traces, self._till.model
        tracing = SessionTrace.begun(traces, self._record, model, self._parting, parent=parent)
        with tracing as self._trace:
            yield

    def _fall_silent(self) -> None:
        """The session goes on elsewhere: nothing more is said or recorded here, so that what is
        open goes on there."""
        self._keeper.remember()
        if self._tape is not None:
            self._tape.stop()
        if self._conversation is not None:
            self._conversation.silence_for_good()

    async def _attend(self, rehearse: Rehearse) -> None:
        holding = asyncio.current_task()
        assert holding is not None
        self._holding = holding
        try:
            async with AsyncExitStack() as records:
                try:
                    await self._talk_safely(records, rehearse)
                finally:
                    if not self._parting.has_met:
                        self._till.take()  # nobody pays for a greeting that nobody heard
                    await settle(
                        self._job,
                        self._record.room_name,
                        self._parting,
                        self._telling.recorder if self._telling else None,
                        self._keeper,
                        self._heard_out,
                    )
            if self._parting.way is Way.LET_GO:
                await self._let_go(records)
        finally:
            way = self._parting.way
            self._job.shutdown(way.name.lower() if way else "broken")

    async def _heard_out(self) -> None:
        if self._telling is not None:  # else the session was never this job's to speak in
            await self._call.heard_out()

    async def _let_go(self, records: AsyncExitStack) -> None:
        """Leave it to a successor, who begins before this job has closed all that it opened."""
        await records.aclose()
        is_written = self._telling is None or await self._telling.recorder.flush()
        await self._keeper.let_go(at_once=is_written)

    async def _talk_safely(self, records: AsyncExitStack, rehearse: Rehearse) -> None:
        try:
            await self._talk(records, rehearse)
        except ProviderError as exc:
            log.error("session.failed", extra={"provider": exc.provider, "reason": exc.reason})
            self._parting.stop(EndReason.START_FAILED)
        except asyncio.CancelledError:
            self._parting.part(Way.LET_GO)
            raise
        except Exception as exc:
            log.error("session.broken", exc_info=exc)
            self._break()

    async def _talk(self, records: AsyncExitStack, rehearse: Rehearse) -> None:
        resources, config = self._resources, self._record.config
        handlers = CallHandlers(self._listen, self._read, self._lost)
        async with AsyncExitStack() as stack:
            self._call = await stack.enter_async_context(
                Call.opened(self._job, self._record, handlers, self._tape)
            )
            if self._tape is not None:
                stack.push_async_callback(self._tape.finish)
            side = SessionSide(
                self._call.playout,
                self._till.meter,
                resources.board,
                resources.habits,
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
                self._tasks,
                conversation,
                self._call.early_sound,
                is_heard=not self._is_begun_elsewhere,
                tape=self._tape,
            )
            self._sound.follow(self._track)
            for text in self._typed_early:
                self._sound.read(text)
            cut_off, room = resources.signs.cut_off, self._job.room
            leaving = leave_after(self._leaving.wait, self._is_over, self._parting)
            self._tasks.start("leave", leaving)
            cutting_off = let_go_when_cut_off(cut_off, lambda: is_silent(room), self._parting)
            self._tasks.start("cut_off", cutting_off)
            self._tasks.start("converse", self._converse(records, conversation, rehearse))
            await self._parting.come()
            if self._parting.way is Way.LET_GO:
                await self._let_go(records)

    async def _converse(
        self, records: AsyncExitStack, conversation: Conversation, rehearse: Rehearse
    ) -> None:
        """Until the conversation ends by itself."""
        if not self._is_begun_elsewhere:
            conversation.prepare_greeting()
        held = await rehearse(self._call)
        if held is None:
            self._parting.part(Way.REPLACED)
            return
        await self._open_records(records, held)
        if held.is_taken_up:
            conversation.prepare_resumption(held.resume_point())
        self._tasks.start("alive", self._keeper.show_life(self._show_life), is_lasting=True)
        meeting = Meeting(
            self._record,
            self._resources,
            self._call,
            self._parting,
            self._tasks,
            self._has_spoken,
            self._summons.waits_s,
        )
        try:
            if not await meeting.comes_about(held, conversation):
                return
        except (TimeoutError, rtc.ConnectError, PublishTrackError) as exc:
            log.warning("room.not_joined", extra={"error": type(exc).__name__})
            self._parting.part(Way.LET_GO)
            return
        self._keep(conversation)
        self._prepare_hand_over(conversation)
        if self._tape is not None:
            recording.begin(self._tape, held, self._resources.settings)
        ending = await (
            self._resume(held, conversation) if held.is_taken_up else conversation.run()
        )
        self._parting.stop(EndReason(ending.value))

    async def _open_records(self, stack: AsyncExitStack, held: Held) -> None:
        told = Told(self._keeper.soon, self._exhausted, self._replaced)
        self._trace.hold(held)
        self._telling = await stack.enter_async_context(
            Telling.opened(self._resources, held, self._till, self._call.text, told)
        )
        await stack.enter_async_context(self._keeper.kept())

    async def _resume(self, held: Held, conversation: Conversation) -> Ending:
        """Go on where the last holder was, with the caller's sound since then."""
        n_recoveries = held.claim.session.recoveries
        extra = {"recoveries": n_recoveries, "is_planned": held.is_planned}
        log.warning("session.taken_up", extra=extra)
        if not held.is_planned:
            RECOVERIES.inc()
            assert self._telling is not None
            self._telling.show_back(n_recoveries)
        assert self._sound is not None
        kept_s = self._sound.hear_kept(held.unheard_s, held_at=held.at)
        return await conversation.resume(held.resume_point(kept_s=kept_s))

    def _keep(self, conversation: Conversation) -> None:
        """From now on leave behind what a successor needs."""
        assert self._telling is not None
        language, said = self._record.config["language"], self._telling.said

        def left() -> Belongings:
            usage = self._till.meter.peek()
            snapshot, trace = conversation.snapshot(usage), self._trace.parent
            return belongings(snapshot, self._till, language, said=said, traceparent=trace)

        self._keeper.keep(left)

    def _prepare_hand_over(self, conversation: Conversation) -> None:
        assert self._telling is not None
        hand_over = HandOver(
            self._job,
            replace(self._summons, traceparent=self._trace.parent),
            self._resources.settings.livekit.agent_name,
            self._keeper,
            self._telling.recorder,
            conversation,
            lambda: self._parting.part(Way.REPLACED),
        )
        drain_s = self._resources.settings.agent.drain_s
        self._tasks.start("hand_over", hand_over.run(self._resources.signs.draining, drain_s))

    async def _show_life(self, beats: str) -> None:
        await self._call.show(ALIVE_ATTRIBUTE, beats)

    def _listen(self, track: rtc.RemoteAudioTrack | None) -> None:
        self._track = track
        if self._sound is not None:
            self._sound.follow(track)

    def _read(self, text: str) -> None:
        if self._sound is None:
            self._typed_early = [*self._typed_early, text][-MOST_TYPED:]
        else:
            self._sound.read(text)

    async def _is_over(self) -> bool:
        return await is_over(self._resources.database, self._record.id)

    def _lost(self, is_deleted: bool) -> None:
        """The room is gone: deleted by whoever ended the row first, or out of this job's reach."""
        if is_deleted:
            self._parting.stop(EndReason.AGENT_ERROR)
        else:
            self._parting.part(Way.LET_GO)

    def _replaced(self) -> None:
        """Another holds the session."""
        log.warning("session.replaced")
        self._parting.part(Way.REPLACED)

    def _pass_on(self, event: Event) -> None:
        assert self._telling is not None, "nothing happens before there is somebody to tell"
        if self._holding.cancelling():
            # A job without its worker is torn down, each of its tasks by itself: an answer that
            # ends by that has not ended.
            self._parting.part(Way.LET_GO)
            return
        if isinstance(event, StateChanged) and event.state is AgentState.SPEAKING:
            self._has_spoken.set()
            if not self._is_begun_elsewhere:
                self._resources.start.tell()
        self._telling.pass_on(event)
        self._trace.show(event)

    def _exhausted(self) -> None:
        """Credits or the key's budget are used up: say goodbye, unless it is over anyway."""
        if self._parting.way is None and self._conversation is not None:
            log.info("session.exhausted")
            ending = self._conversation.wind_down(Ending.BUDGET_EXHAUSTED)
            self._tasks.start("exhausted", ending)

    def _substituted(self, entry: Substitution) -> None:
        log.warning("session.substituted", extra={"field": entry.field, "served": entry.served})
        if self._telling is not None:
            self._telling.substituted(entry)

    def _break(self) -> None:
        """A part of it broke; nothing may go on in silence."""
        is_begun = self._has_spoken.is_set() or self._record.status is SessionStatus.ACTIVE
        self._parting.stop(EndReason.AGENT_ERROR if is_begun else EndReason.START_FAILED)
