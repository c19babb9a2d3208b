"""The conversation of one session: how it begins, what breaks it, how it ends.

greeting ─▶ Floor: turn ─▶ reply ─▶ turn ─▶ ...
              │ idle: prompt, prompt, farewell     │ time or money up: goodbye
              │ a reply without a sound: apology   │ recognition lost: apology
              └────────────────▶ Ending ◀──────────┘
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, Final, assert_never

from core.errors import ProviderError
from core.supervision import stop_tasks, tell_end
from pipeline.absence import Absence
from pipeline.clock import now
from pipeline.course import Course, Stage
from pipeline.events import Ending, Event
from pipeline.exchange import Exchange
from pipeline.failures import Failures
from pipeline.faults import FaultKind
from pipeline.floor import Floor
from pipeline.metering import Usage
from pipeline.owed import Owed
from pipeline.parts import Parts, Script
from pipeline.patience import Patience
from pipeline.reply import Reply
from pipeline.resumption import ResumePoint
from pipeline.snapshot import AtHand, Snapshot
from pipeline.speaker import TAKE_BACK_S
from pipeline.steps import Commit
from pipeline.turn import Phase
from pipeline.words import is_blank

log = logging.getLogger(__name__)

LAST_REPLY_S: Final = 6.0
"""How long a reply may go on when the time is up."""
GOODBYE_S: Final = 12.0
MAX_TYPED_EARLY: Final = 16
"""Messages kept until the greeting is heard; older ones are dropped."""
QUIET_S: Final = 0.5
"""Since the caller's last sound: then it belongs to a turn that was decided."""
LOOK_EVERY_S: Final = 0.05


class Conversation:
    """`run` it, `close` it; the other methods may be called in between, on the same loop.

    `emit` gets every event and must not wait.
    """

    def __init__(self, parts: Parts, script: Script, emit: Callable[[Event], None]) -> None:
        self._script = script
        self._emit = emit
        self._course = Course()
        self._floor = Floor(
            parts,
            script,
            is_deaf=lambda: self._course.is_deaf,
            emit=self._tell,
            on_over=self._check_reply,
            on_leave=self._end,
            on_overrun=lambda overrun: self._patience.break_off(overrun),
        )
        self._hearing, self._speaker = self._floor.hearing, self._floor.speaker
        self._greeting: Reply | None = None
        self._typed_early: deque[str] = deque(maxlen=MAX_TYPED_EARLY)
        self._owed: Owed | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._patience = Patience(self._floor, script, lambda: self._course, leave=self._leave_them)
        self._absence = Absence(self._floor, lambda: self._course)
        self._failures = Failures()
        self._left_at: float | None = None
        self._has_begun = asyncio.Event()
        self._over: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()

    # Life

    def prepare_greeting(self) -> None:
        """Start to make the greeting before anybody can hear it."""
        self._greeting = self._floor.prepare_line(self._script.greeting)

    async def run(self) -> Ending:
        """Greet, then talk, until the conversation ends by itself."""
        self._course = self._course.begun()
        self._attend()
        self._speaker.open()
        if self._greeting is None:
            self.prepare_greeting()
        assert self._greeting is not None
        greeting, self._greeting = self._greeting, None
        self._floor.release(greeting)
        return await self._over

    def prepare_resumption(self, point: ResumePoint) -> None:
        """Start to make what is owed before anybody can hear it; then `resume` from that point.
        Only the moment and the caller's sound may be others there."""
        self._floor.remember(point.past)
        self._owed = Owed.at(point, self._floor, self._script)

    async def resume(self, point: ResumePoint) -> Ending:
        """In place of `run`: go on with a conversation that another process has begun."""
        snapshot = point.snapshot
        self._course = self._course.begun(has_spoken=point.has_spoken)
        self._failures.n_in_a_row = snapshot.n_failed
        self._patience.idleness.n_prompts = snapshot.n_idle_prompts
        self._hearing.turn.n_overruns = snapshot.n_overruns
        self._hearing.turn.n_wordless_overruns = snapshot.n_wordless_overruns
        self._attend()
        if self._owed is None:
            self.prepare_resumption(point)
        assert self._owed is not None
        owed, self._owed = self._owed, None
        self._floor.take_up(point, owed.rest)
        if point.farewell_heard is not None:
            self._end(point.farewell_heard)
        elif snapshot.winding_down is not None:
            await self._wind_down_further(point.at_hand, snapshot.winding_down)
        else:
            self._go_on(point, owed)
        return await self._over

    async def close(self) -> None:
        """Stop whatever runs; the reply at hand is recorded as interrupted. Call it once, last."""
        self._course = self._course.over()
        await stop_tasks(set(self._tasks))
        if self._greeting is not None:
            await self._greeting.stop()
        if self._owed is not None:
            await self._owed.stop()
        await self._floor.close()

    def snapshot(self, unbilled: Usage) -> Snapshot:
        """What another process needs to go on from here; changes nothing, and costs little."""
        speaker = self._speaker
        return Snapshot(
            taken_at_ms=max(0, round(1000 * (now() - speaker.began_at))),
            next_index=speaker.turn_index,
            at_hand=speaker.at_hand(),
            open_turn=self._hearing.open_turn(speaker.began_at),
            unheard=self._absence.owed,
            n_failed=self._failures.n_in_a_row,
            n_idle_prompts=self._patience.idleness.n_prompts,
            n_overruns=self._hearing.turn.n_overruns,
            n_wordless_overruns=self._hearing.turn.n_wordless_overruns,
            has_spoken=self._course.has_spoken,
            parting=self._floor.parting,
            winding_down=self._course.ending,
            unbilled=unbilled,
            faults=self._floor.faults.peek(speaker.began_at),
        )

    def silence_for_good(self) -> None:
        """Another holder has the conversation: from now on nothing is said, told or recorded, and
        `run` does not return any more. `close` it as ever."""
        self._course = self._course.replaced()
        self._floor.silence_for_good()

    @property
    def is_quiet(self) -> bool:
        """Whether neither side speaks, or is about to."""
        is_caller_quiet = (
            self._hearing.turn.phase is Phase.IDLE and now() - self._hearing.last_loud_at >= QUIET_S
        )
        return is_caller_quiet and not self._speaker.is_active and not self._course.is_ending

    async def quiet(self) -> None:
        """Wait for a moment at which nobody speaks, for ever when it ends before."""
        while not self.is_quiet:  # noqa: ASYNC110 - time alone makes it so
            await asyncio.sleep(LOOK_EVERY_S)

    async def begun(self) -> None:
        """Wait until the caller can be answered."""
        await self._has_begun.wait()

    async def listen(self, windows: AsyncIterator[bytes], *, late_s: float = 0.0) -> None:
        """Hear the caller's sound, windows of 512 samples at 16 kHz, until it ends.

        With `late_s` it was kept for so long, and is heard as fast as it comes.
        """
        await self._hearing.listen(windows, late_s=late_s)

    def hear_text(self, text: str) -> None:
        """Take a typed message as a whole turn."""
        if self._course.is_ending or is_blank(text):
            return
        if self._is_ungreeted:
            self._typed_early.append(text.strip())
            if self._course.stage is Stage.GREETING and len(self._typed_early) == 1:
                self._own(self._take_early_text(), "early-text")
            return
        self._patience.idleness.stir()
        if self._course.is_away:
            self._floor.record_last_words()
        self._floor.forget_turn(is_void=True)
        self._hearing.begin_now()
        self._floor.commit(Commit(text.strip(), now(), None, 0.0))

    async def caller_left(self) -> None:
        """The caller is gone, maybe for a moment: stop speaking, keep what they said last."""
        self._course, self._left_at = self._course.left(), now()
        await self._absence.begin()
        self._course = self._course.settled()

    def caller_back(self) -> None:
        """The caller is there again: say what they are waiting for."""
        self._course = self._course.back()
        if (at := self._left_at) is not None:
            self._left_at = None
            self._floor.faults.add(FaultKind.CALLER_AWAY, at=at, lasted_s=now() - at)
        if not self._course.is_ending:
            self._own(self._absence.settle(), "settle-absence")

    async def wind_down(self, ending: Ending = Ending.MAX_DURATION) -> None:
        """Time or money is up: let the reply at hand end, say goodbye, and be over."""
        await self._end_with(ending)

    def _attend(self) -> None:
        """Listen, and notice when nobody says anything."""
        self._has_begun.set()
        self._own(self._recognise(), "recognise")
        self._own(self._floor.prepare_acknowledgement(), "acknowledgement")
        if self._script.idle_prompt_s:
            self._own(self._patience.watch(), "idle")
        if self._typed_early:
            self._own(self._take_early_text(), "early-text")

    async def _take_early_text(self) -> None:
        """Answer what was typed before anything was said, once the first words were said."""
        await self.quiet()
        typed = " ".join(self._typed_early)
        self._typed_early.clear()
        self.hear_text(typed)

    @property
    def _is_ungreeted(self) -> bool:
        """Whether hardly anything of the first words was heard yet."""
        if self._course.stage is Stage.PREPARING:
            return True
        first = self._speaker.exchange
        is_unheard = first is not None and first.heard_s < TAKE_BACK_S
        return self._course.stage is Stage.GREETING and is_unheard

    def _own(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        """What broke may have been to say the last line: nobody waits for that."""
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            tell_end(task.get_name(), error)
            self._end(Ending.AGENT_ERROR)

    def _go_on(self, point: ResumePoint, owed: Owed) -> None:
        """Say what is owed."""
        left = point.at_hand
        if owed.line is not None:
            self._floor.release(owed.line)
        elif owed.again is not None:
            self._speaker.release(owed.again)
        elif left is not None and owed.rest is None and left.leads_to is not None:
            self._floor.part(left.leads_to)

    async def _wind_down_further(self, left: AtHand | None, ending: Ending) -> None:
        """Let the reply at hand end; where it was no farewell, say one."""
        if left is None or left.leads_to is None:
            await self._end_with(ending)
            return
        self._course = self._course.winding_down(ending)
        await self._leave(ending)

    async def _recognise(self) -> None:
        try:
            await self._hearing.recognise()
        except ProviderError as exc:
            log.error("recognition.lost", extra={"provider": exc.provider, "reason": exc.reason})
        except Exception:
            log.exception("recognition.broken")
        await self._end_with(Ending.AGENT_ERROR)

    async def _end_with(self, ending: Ending) -> None:
        """Let the reply at hand end, say a last line, and be over; the first to call it does."""
        if self._course.is_ending:
            return
        self._course = self._course.winding_down(ending)
        self._floor.stop_preparing()
        self._speaker.resume()
        await self._hearing.hear_last_words()
        await self._speaker.silent(LAST_REPLY_S)
        self._speaker.interrupt()
        self._floor.record_last_words()
        self._floor.say(self._last_line(ending), ending)
        await self._leave(ending)

    def _last_line(self, ending: Ending) -> str:
        match ending:
            case Ending.AGENT_ERROR | Ending.START_FAILED:
                return self._script.apology
            case Ending.NO_INPUT | Ending.AGENT_CLOSED:
                return self._script.farewell
            case Ending.MAX_DURATION | Ending.BUDGET_EXHAUSTED:
                return self._script.goodbye
            case _:
                assert_never(ending)

    async def _leave(self, ending: Ending) -> None:
        """Be over once the last line was heard."""
        await self._speaker.silent(GOODBYE_S)
        self._end(ending)

    def _end(self, ending: Ending) -> None:
        before, self._course = self._course, self._course.over(ending)
        if before is not self._course:
            self._over.set_result(ending)

    def _tell(self, event: Event) -> None:
        if self._course.stage is not Stage.REPLACED:
            self._emit(event)

    # Replies

    def _check_reply(self, over: Exchange) -> None:
        """A reply without a sound is answered by an apology; the last one of those is the end."""
        if len(over.reply.sound) > 0:
            self._course = self._course.sounded()
        self._failures.count(over)
        if over.is_interrupted or self._course.is_ending:
            return
        if self._failures.are_too_many:
            self._give_up(over)
        elif ending := over.leads_to:
            self._check_farewell(over, ending)
        elif not over.is_answered:
            self._floor.say(self._script.apology)

    def _check_farewell(self, over: Exchange, ending: Ending) -> None:
        """One that the model gave no sound is said in our words, one of ours was tried."""
        if over.is_answered or not over.reply.asks_model:
            self._floor.part(ending)
        else:
            self._floor.say(self._script.farewell, ending)

    def _give_up(self, over: Exchange) -> None:
        """Too much has failed: apologise and be over; at once where not even that was heard."""
        if over.reply.asks_model:
            self._own(self._end_with(self._course.failure), "give-up")
        else:
            self._end(self._course.failure)

    def _leave_them(self) -> None:
        """Say the farewell whatever is to be heard meanwhile, and be over."""
        self._own(self._end_with(Ending.NO_INPUT), "leave")
