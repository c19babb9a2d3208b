"""One session's life inside a job: begin or take up, talk, come back, part.

    room joined ∥ greeting made ─▶ caller here ─▶ active ─▶ conversation ─▶ over
                                        │           ▲            │
              claimed from another ─────┴─▶ taken up└─ back ── caller gone

The job holds the session under a lease. It parts from it in one of three ways: the session is over,
and its row is ended; the session goes on with another job, and this one lets go of it; or another
holds it already, and this one only leaves.
"""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any, Final

from livekit import rtc
from livekit.agents import JobContext

from agent.call import Call, CallHandlers
from agent.http_tools import HttpTools
from agent.journal import Journal, JournalFolder
from agent.keeper import ALIVE_ATTRIBUTE, Keeper
from agent.knowledge import InformedModel, search_of
from agent.live_events import LiveEvents
from agent.memory import belongings, resume_point
from agent.parts import Around, opened_parts, script_of
from agent.recorder import Listeners, Recorder
from agent.room_audio import windows
from agent.rows import Mandate, RowWriter
from agent.session_row import SessionRow
from agent.till import Till
from agent.tool_signer import DefaultSecretSigner
from core.catalog import Catalog
from core.errors import ProviderError
from core.metrics import RECOVERIES
from core.settings import Settings
from pipeline.conversation import Conversation
from pipeline.events import AgentState, Ending, Event, StateChanged, TurnEnded
from pipeline.metering import Meter
from pipeline.ports import LanguageModel
from pipeline.resumption import ResumePoint
from pipeline.route_board import RouteBoard
from store.holds import Belongings, Claim
from store.pool import Database
from store.records import EndReason, SessionStatus, Substitution, TurnRecord
from store.sealing import Sealer
from store.secrets import SecretBox

log = logging.getLogger(__name__)

ABSENT_S: Final = 1.5
"""The caller's connection made the room; one who is not there by now has left it again."""
ROOM_TIMEOUT_S: Final = 5.0
WRITTEN_FIRST_S: Final = 1.0
"""How long the caller waits in the room for the session's end to be written."""
GOODBYE_LEAD_S: Final = 10.0
"""Before the maximum duration no new topic is started."""


@dataclass(frozen=True, slots=True)
class World:
    """What a session needs from its process."""

    settings: Settings
    catalog: Catalog
    database: Database
    board: RouteBoard


@dataclass(frozen=True, slots=True)
class Held:
    """A session that is the job's, with the turns that are stored of it. `claimed_at` is the loop's
    time."""

    claim: Claim
    turns: list[TurnRecord]
    claimed_at: float

    @property
    def is_taken_up(self) -> bool:
        """Whether another job has begun it."""
        return self.claim.elapsed_s is not None

    @property
    def elapsed_s(self) -> float:
        """How long it has been active by now."""
        waited_s = asyncio.get_running_loop().time() - self.claimed_at
        return (self.claim.elapsed_s or 0.0) + waited_s

    def resume_point(self) -> ResumePoint:
        """Where to go on."""
        memory = self.claim.memory
        return resume_point(memory, self.turns, elapsed_s=self.elapsed_s, is_planned=False)


class Parting(Enum):
    """How a job parts from its session."""

    OVER = auto()
    LET_GO = auto()
    REPLACED = auto()


class Session:
    """Holds one session that was claimed; `hold` returns when the job has parted from it.

    `leaving` is set when the process has to let go of its room, for whatever reason.
    """

    def __init__(self, job: JobContext, world: World, held: Held, leaving: asyncio.Event) -> None:
        claim = held.claim
        self._job = job
        self._leaving = leaving
        self._world = world
        self._held = held
        self._record = claim.session
        self._mandate = Mandate(claim.session.id, claim.epoch)
        self._row = SessionRow(world.database, self._mandate, world.catalog.places)
        self._keeper = Keeper(
            world.database, claim.session.id, job.job.id, on_replaced=self._replaced
        )
        self._parting: Parting | None = None
        self._end_reason: EndReason | None = None
        self._left_at: float | None = None
        self._is_parted = asyncio.Event()
        self._has_spoken = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listening: asyncio.Task[None] | None = None
        self._conversation: Conversation | None = None
        self._live: LiveEvents
        self._till: Till
        self._recorder: Recorder
        self._call: Call

    def stop(self, reason: EndReason) -> None:
        """It is over; the first reason counts."""
        if self._parting is None:
            self._end_reason = reason
        self._part(Parting.OVER)

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

    async def hold(self) -> None:
        """Talk until the job parts from it, then see to its row and its room."""
        keeping = asyncio.create_task(self._keeper.run(), name="keeper")
        try:
            async with AsyncExitStack() as stack:
                await self._open_records(stack)
                try:
                    await self._talk_safely()
                finally:
                    await self._settle()
            if self._parting is Parting.LET_GO:
                await self._keeper.let_go()
        finally:
            keeping.cancel()
            await asyncio.wait([keeping])
            self._job.shutdown(self._parting.name.lower() if self._parting else "broken")

    async def _open_records(self, stack: AsyncExitStack) -> None:
        """What is told of the session; it outlives the talk and tells of its end."""
        database, mandate, n_turns = self._world.database, self._mandate, len(self._held.turns)
        self._live = await stack.enter_async_context(
            LiveEvents.opened(database, mandate, self._replaced, n_ended=n_turns)
        )
        self._till = Till(Meter(), self._world.catalog, self._record.config)
        listeners = Listeners(self._stored, self._exhausted, self._replaced)
        writer = RowWriter(database, mandate)
        journal = Journal(JournalFolder.named(self._world.settings.agent), mandate)
        self._recorder = await stack.enter_async_context(
            Recorder.opened(writer, journal, self._till, listeners)
        )
        self._recorder.charge(self._held.claim.unbilled)

    async def _talk_safely(self) -> None:
        try:
            await self._talk()
        except ProviderError as exc:
            log.error("session.failed", extra={"provider": exc.provider, "reason": exc.reason})
            self.stop(EndReason.START_FAILED)
        except asyncio.CancelledError:
            self._part(Parting.LET_GO)
            raise
        except Exception as exc:
            self._break(exc)

    async def _talk(self) -> None:
        world, config = self._world, self._record.config
        handlers = CallHandlers(self._listen, self._read, self._deafen, self._lost)
        async with AsyncExitStack() as stack:
            self._call = await stack.enter_async_context(
                Call.opened(self._job, self._record, handlers)
            )
            toolbox = await stack.enter_async_context(self._tools())
            around = Around(
                self._call.playout, toolbox, self._till.meter, world.board, self._substituted
            )
            parts = await stack.enter_async_context(
                opened_parts(world.settings, world.catalog, config, around)
            )
            parts = replace(parts, model=await self._informed(stack, parts.model))
            script = script_of(world.settings, world.catalog, config)
            conversation = Conversation(parts, script, self._pass_on)
            self._conversation = conversation
            stack.push_async_callback(conversation.close)
            stack.push_async_callback(self._drop_tasks)
            if not self._held.is_taken_up:
                conversation.prepare_greeting()
            self._own(self._leave_when_told())
            self._own(self._converse(conversation))
            await self._is_parted.wait()

    def _tools(self) -> AbstractAsyncContextManager[HttpTools]:
        world, record = self._world, self._record
        sealer = Sealer(world.settings.sealing_secret)
        signer = DefaultSecretSigner(world.database, SecretBox(sealer), record.tenant_id)
        return HttpTools.opened(world.settings.webhooks, sealer, record, signer)

    async def _informed(self, stack: AsyncExitStack, model: LanguageModel) -> LanguageModel:
        """The model, told what the bot's documents say where the session has a bot."""
        if self._record.bot_id is None:
            return model
        search = search_of(self._world.database, self._record.bot_id)
        return await stack.enter_async_context(InformedModel.opened(model, search))

    async def _converse(self, conversation: Conversation) -> None:
        """Until the conversation ends by itself."""
        await self._call.connect()
        self._own(self._keeper.show_life(self._show_life))
        if not await self._meet_caller(conversation):
            return
        if self._held.is_taken_up:
            self._take_up(conversation)
            point = self._held.resume_point()
            ending = await conversation.resume(point)
        else:
            self._keep(conversation)
            ending = await conversation.run()
        self.stop(EndReason(ending.value))

    async def _meet_caller(self, conversation: Conversation) -> bool:
        """Wait for the caller and their ear, begin what is not begun. False when that cannot be."""
        is_taken_up = self._held.is_taken_up
        patience_s = self._grace_s if is_taken_up else ABSENT_S
        if not await self._call.presence.here(patience_s):
            log.info("session.nobody_came")
            self.stop(EndReason.CALLER_HANGUP)
            return False
        self._own(self._follow_caller(conversation))
        if not is_taken_up and not await self._mark_active():
            return False
        log.info("session.active")
        if not await self._call.heard(self._world.settings.agent.start_timeout_s):
            self.stop(EndReason.START_FAILED)
        if self._parting is None:
            self._own(self._start_in_time())
            self._own(self._watch_clock(conversation))
        return self._parting is None

    async def _mark_active(self) -> bool:
        """Take one of the tenant's places; without one, or a row to begin, it is over."""
        status = await self._row.begin()
        if status is None:
            return True
        has_no_place = status is SessionStatus.CREATED
        log.warning("session.not_startable", extra={"has_no_place": has_no_place})
        self.stop(EndReason.CONCURRENCY_LIMIT if has_no_place else EndReason.AGENT_ERROR)
        return False

    def _take_up(self, conversation: Conversation) -> None:
        """Say that the session has an agent again."""
        n_recoveries = self._record.recoveries
        log.warning("session.taken_up", extra={"recoveries": n_recoveries})
        RECOVERIES.inc()
        self._live.show_back(n_recoveries)
        self._keep(conversation)

    def _keep(self, conversation: Conversation) -> None:
        """From now on leave behind what a successor needs."""
        language = self._record.config["language"]

        def left() -> Belongings:
            usage = self._till.meter.peek()
            return belongings(conversation.snapshot(usage), self._till, language)

        self._keeper.keep(left)

    async def _show_life(self, beats: str) -> None:
        await self._call.show(ALIVE_ATTRIBUTE, beats)

    async def _leave_when_told(self) -> None:
        await self._leaving.wait()
        self._part(Parting.LET_GO)

    async def _start_in_time(self) -> None:
        try:
            async with asyncio.timeout(self._world.settings.agent.start_timeout_s):
                await self._has_spoken.wait()
        except TimeoutError:
            if not self._held.is_taken_up:
                self.stop(EndReason.START_FAILED)

    @property
    def _grace_s(self) -> float:
        return self._world.settings.agent.rejoin_grace_s

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

    async def _watch_clock(self, conversation: Conversation) -> None:
        allowed_s = self._record.config["max_duration_seconds"]
        await asyncio.sleep(max(0.0, allowed_s - self._held.elapsed_s - GOODBYE_LEAD_S))
        await conversation.wind_down()

    def _listen(self, track: rtc.RemoteAudioTrack | None) -> None:
        self._deafen()
        if track is not None and self._conversation is not None:
            self._listening = self._own(self._conversation.listen(windows(track)))

    def _deafen(self) -> None:
        """Stop listening: sound that was still waiting when the caller left starts no turn."""
        if self._listening is not None:
            self._listening.cancel()
            self._listening = None

    def _read(self, text: str) -> None:
        if self._conversation is not None:
            self._conversation.hear_text(text)

    def _lost(self, is_deleted: bool) -> None:
        """The room is gone: deleted by whoever ended the row first, or out of this job's reach."""
        if is_deleted:
            self.stop(EndReason.AGENT_ERROR)
        else:
            self._part(Parting.LET_GO)

    def _replaced(self) -> None:
        """Another holds the session, and its room."""
        log.warning("session.replaced")
        self._part(Parting.REPLACED)

    def _pass_on(self, event: Event) -> None:
        """Every event goes to the room and to who watches, a turn to the store as well."""
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
            self._own(self._conversation.wind_down(Ending.BUDGET_EXHAUSTED))

    def _substituted(self, entry: Substitution) -> None:
        log.warning("session.substituted", extra={"field": entry.field, "served": entry.served})
        self._recorder.record_substitution(entry)

    async def _settle(self) -> None:
        """Leave the room. Where the session is over, its row is ended and the room closed first:
        also where the agent is out of it already, the caller may still wait in there."""
        if self._parting is not Parting.OVER:
            await self._job.room.disconnect()
            return
        assert self._end_reason is not None
        self._recorder.end(self._end_reason, ended_s_ago=self._over_for_s)
        with suppress(TimeoutError):
            async with asyncio.timeout(WRITTEN_FIRST_S):
                await self._recorder.flush()
        await self._job.room.disconnect()
        closing = self._job.delete_room(self._record.room_name)
        await asyncio.wait([closing], timeout=ROOM_TIMEOUT_S)
        if await self._recorder.flush():
            await self._keeper.finish()

    @property
    def _over_for_s(self) -> float:
        """The time in which a caller who hung up might have come back is no part of the session."""
        if self._end_reason is not EndReason.CALLER_HANGUP or self._left_at is None:
            return 0.0
        return asyncio.get_running_loop().time() - self._left_at

    def _own(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[None]) -> None:
        """A part that broke ends the session; nothing of it may go on in silence."""
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._break(error)

    def _break(self, error: BaseException) -> None:
        log.error("session.broken", exc_info=error)
        spoke = self._has_spoken.is_set() or self._held.is_taken_up
        self.stop(EndReason.AGENT_ERROR if spoke else EndReason.START_FAILED)

    async def _drop_tasks(self) -> None:
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
