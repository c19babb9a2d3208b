"""One session's life inside a job: begin, talk, come back, end.

    room joined ∥ greeting made ─▶ caller here ─▶ active ─▶ conversation ─▶ ended
                                                    ▲            │
                                                    └─ back ── caller gone

Whatever happens in between, the row is ended once and the room is closed.
"""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any, Final

from livekit import rtc
from livekit.agents import JobContext

from agent.call import Call, CallHandlers
from agent.http_tools import HttpTools
from agent.journal import Journal, JournalFolder
from agent.knowledge import InformedModel, search_of
from agent.live_events import LiveEvents
from agent.parts import Around, opened_parts, script_of
from agent.recorder import Listeners, Recorder
from agent.room_audio import windows
from agent.rows import Mandate, RowWriter
from agent.session_row import SessionRow
from agent.till import Till
from agent.tool_signer import DefaultSecretSigner
from core.catalog import Catalog
from core.errors import ProviderError
from core.settings import Settings
from pipeline.conversation import Conversation
from pipeline.events import AgentState, Ending, Event, StateChanged, TurnEnded
from pipeline.metering import Meter
from pipeline.ports import LanguageModel
from store.pool import Database
from store.records import EndReason, SessionRecord, SessionStatus, Substitution
from store.sealing import Sealer
from store.secrets import SecretBox

log = logging.getLogger(__name__)

CALLER_TIMEOUT_S: Final = 10.0
"""The caller's connection made the room; one who is not there by now has left it again."""
ROOM_TIMEOUT_S: Final = 5.0
UNCLAIMED: Final = 0
"""The epoch of a session that nobody has claimed."""
GOODBYE_LEAD_S: Final = 10.0
"""Before the maximum duration no new topic is started."""


@dataclass(frozen=True, slots=True)
class World:
    """What a session needs from its process."""

    settings: Settings
    catalog: Catalog
    database: Database


class Session:
    """Holds one session; `hold` returns when it is over, whoever ended it.

    `leaving` is set when the process lets go of its room, for whatever reason.
    """

    def __init__(
        self, job: JobContext, world: World, record: SessionRecord, leaving: asyncio.Event
    ) -> None:
        self._job = job
        self._leaving = leaving
        self._world = world
        self._record = record
        self._mandate = Mandate(record.id, UNCLAIMED)
        self._row = SessionRow(world.database, self._mandate, world.catalog.places)
        self._end_reason: EndReason | None = None
        self._is_replaced = False
        self._left_at = 0.0
        self._is_over = asyncio.Event()
        self._has_spoken = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listening: asyncio.Task[None] | None = None
        self._conversation: Conversation
        self._live: LiveEvents
        self._till: Till
        self._recorder: Recorder
        self._call: Call

    def stop(self, reason: EndReason | None) -> None:
        """End it; the first reason counts. None leaves the row as it is: nobody came."""
        if not self._is_over.is_set():
            self._end_reason = reason
            self._is_over.set()

    async def hold(self) -> None:
        """Talk until it is over, then end the row and close the room."""
        async with AsyncExitStack() as stack:
            await self._open_records(stack)
            try:
                await self._hold()
            finally:
                await self._end()

    async def _open_records(self, stack: AsyncExitStack) -> None:
        """What is told of the session; it outlives the talk and tells of its end."""
        database, mandate = self._world.database, self._mandate
        self._live = await stack.enter_async_context(
            LiveEvents.opened(database, mandate, self._replaced)
        )
        self._till = Till(Meter(), self._world.catalog, self._record.config)
        listeners = Listeners(self._live.show_turn, self._exhausted, self._replaced)
        writer = RowWriter(database, mandate)
        journal = Journal(JournalFolder.named(self._world.settings.agent), mandate)
        self._recorder = await stack.enter_async_context(
            Recorder.opened(writer, journal, self._till, listeners)
        )

    async def _hold(self) -> None:
        try:
            await self._talk()
        except ProviderError as exc:
            log.error("session.failed", extra={"provider": exc.provider, "reason": exc.reason})
            self.stop(EndReason.START_FAILED)
        except asyncio.CancelledError:
            self.stop(EndReason.AGENT_ERROR)
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
            around = Around(self._call.playout, toolbox, self._till.meter, self._substituted)
            parts = await stack.enter_async_context(
                opened_parts(world.settings, world.catalog, config, around)
            )
            parts = replace(parts, model=await self._informed(stack, parts.model))
            script = script_of(world.settings, world.catalog, config)
            self._conversation = Conversation(parts, script, self._pass_on)
            stack.push_async_callback(self._conversation.close)
            stack.push_async_callback(self._drop_tasks)
            self._conversation.prepare_greeting()
            self._own(self._leave_when_told())
            self._own(self._converse())
            await self._is_over.wait()

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

    async def _begin(self) -> bool:
        """Wait for the caller and their ear; mark the session active. False when it cannot be."""
        if not await self._call.presence.here(CALLER_TIMEOUT_S):
            log.info("session.nobody_came")
            self.stop(None)
            return False
        if not await self._mark_active():
            return False
        log.info("session.active")
        if not await self._call.heard(self._world.settings.agent.start_timeout_s):
            self.stop(EndReason.START_FAILED)
        return not self._is_over.is_set()

    async def _mark_active(self) -> bool:
        """Take one of the tenant's places; without one, or a row to begin, it is over."""
        status = await self._row.begin()
        if status is None:
            return True
        if status is SessionStatus.ACTIVE and self._call.presence.has_other_agent:
            log.info("session.held_by_another")
            return False
        has_no_place = status is SessionStatus.CREATED
        log.warning("session.not_startable", extra={"has_no_place": has_no_place})
        self.stop(EndReason.CONCURRENCY_LIMIT if has_no_place else EndReason.AGENT_ERROR)
        return False

    async def _converse(self) -> None:
        """Until the conversation ends by itself."""
        await self._call.connect()
        if not await self._begin():
            return
        for watch in (self._start_in_time(), self._follow_caller(), self._watch_clock()):
            self._own(watch)
        ending = await self._conversation.run()
        self.stop(EndReason(ending.value))

    async def _leave_when_told(self) -> None:
        await self._leaving.wait()
        self.stop(EndReason.AGENT_ERROR)

    async def _start_in_time(self) -> None:
        try:
            async with asyncio.timeout(self._world.settings.agent.start_timeout_s):
                await self._has_spoken.wait()
        except TimeoutError:
            self.stop(EndReason.START_FAILED)

    async def _follow_caller(self) -> None:
        """A caller who drops off may come back for a while; then they have hung up."""
        presence = self._call.presence
        while True:
            await presence.gone()
            self._left_at = asyncio.get_running_loop().time()
            log.info("caller.left")
            await self._conversation.caller_left()
            if not await presence.here(self._world.settings.agent.rejoin_grace_s):
                self.stop(EndReason.CALLER_HANGUP)
                return
            log.info("caller.back")
            self._conversation.caller_back()

    async def _watch_clock(self) -> None:
        allowed_s = self._record.config["max_duration_seconds"]
        await asyncio.sleep(max(0.0, allowed_s - GOODBYE_LEAD_S))
        await self._conversation.wind_down()

    def _listen(self, track: rtc.RemoteAudioTrack) -> None:
        self._deafen()
        self._listening = self._own(self._conversation.listen(windows(track)))

    def _deafen(self) -> None:
        """Stop listening: sound that was still waiting when the caller left starts no turn."""
        if self._listening is not None:
            self._listening.cancel()
            self._listening = None

    def _read(self, text: str) -> None:
        self._conversation.hear_text(text)

    def _lost(self) -> None:
        """The room is gone: deleted by the API, which ended the row first, or lost."""
        self.stop(EndReason.AGENT_ERROR)

    def _pass_on(self, event: Event) -> None:
        """Every event goes to the room and to who watches, a turn to the store as well."""
        if isinstance(event, StateChanged) and event.state is AgentState.SPEAKING:
            self._has_spoken.set()
        if isinstance(event, TurnEnded):
            self._recorder.record(event)
        self._call.text.show(event)
        self._live.show(event)

    def _replaced(self) -> None:
        """Another holds the session, and its room."""
        self._is_replaced = True
        self.stop(None)

    def _exhausted(self) -> None:
        """Credits or the key's budget are used up: say goodbye, unless it is over anyway."""
        if not self._is_over.is_set():
            log.info("session.exhausted")
            self._own(self._conversation.wind_down(Ending.BUDGET_EXHAUSTED))

    def _substituted(self, entry: Substitution) -> None:
        log.warning("session.substituted", extra={"field": entry.field, "served": entry.served})
        self._recorder.record_substitution(entry)

    def _over_for_s(self, reason: EndReason) -> float:
        """The time in which a caller who hung up might have come back is no part of the session."""
        if reason is not EndReason.CALLER_HANGUP:
            return 0.0
        return asyncio.get_running_loop().time() - self._left_at

    async def _end(self) -> None:
        """End the row if it still lives, then close the job, and the room unless it is another's.

        A worker that is slow to answer may find that an agent was sent for in its place.
        """
        reason = self._end_reason
        if reason is not None:
            self._recorder.end(reason, ended_s_ago=self._over_for_s(reason))
            await self._recorder.flush()
        is_ours = self._row.is_ours
        if self._job.room.isconnected():
            is_ours = is_ours or not self._call.presence.has_other_agent
            await self._job.room.disconnect()
        if is_ours and not self._is_replaced:
            # Also where the agent is out of it already: the caller may still wait in there.
            closing = self._job.delete_room(self._record.room_name)
            await asyncio.wait([closing], timeout=ROOM_TIMEOUT_S)
        self._job.shutdown(reason.value if reason else "nobody came")

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
        spoke = self._has_spoken.is_set()
        self.stop(EndReason.AGENT_ERROR if spoke else EndReason.START_FAILED)

    async def _drop_tasks(self) -> None:
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
