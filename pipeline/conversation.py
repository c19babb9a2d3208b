"""The conversation of one session: joins the parts, carries out what the policies decide.

    caller's sound ─▶ Hearing ──steps──▶ recogniser, Preparation, Speaker
                         └─ Overlap ─▶ judge ─▶ hold, resume, interrupt

Everything runs on one event loop, so that a decision and its effects are never apart.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final, assert_never

from core.errors import ProviderError
from pipeline.backchannel import is_backchannel
from pipeline.clock import now
from pipeline.ear import Window
from pipeline.echo import EchoGuard, OverheardPlayout
from pipeline.endpointing import Endpointing
from pipeline.events import Ending, Event
from pipeline.exchange import Exchange
from pipeline.heard import SpeakingRate
from pipeline.hearing import Hearing
from pipeline.history import History
from pipeline.idle import Idleness, IdleStep, Scene, watch
from pipeline.interruption import Overlap, Verdict, judge
from pipeline.ports import (
    LanguageModel,
    Playout,
    Recogniser,
    SpeechDetector,
    Toolbox,
    Voice,
)
from pipeline.preparation import Preparation
from pipeline.reply import Reply, TokenSource, fixed_line
from pipeline.speaker import Speaker
from pipeline.tool_use import ToolUse
from pipeline.tools import ToolLines, ToolTalk
from pipeline.turn import (
    Abandon,
    Begin,
    Commit,
    Discard,
    Phase,
    Settle,
    Speculate,
    Step,
    Synthesise,
    join_parts,
)

log = logging.getLogger(__name__)

NEARLY_OVER_S: Final = 1.0
"""With less than this left of the reply, a "yes" is an answer and no backchannel."""
LAST_REPLY_S: Final = 6.0
"""How long a reply may go on when the time is up."""
GOODBYE_S: Final = 12.0
MAX_FAILED_REPLIES: Final = 3


@dataclass(frozen=True, slots=True)
class Parts:
    """What the conversation hears, thinks and speaks with."""

    recogniser: Recogniser
    model: LanguageModel
    voice: Voice
    playout: Playout
    detector: SpeechDetector
    toolbox: Toolbox


@dataclass(frozen=True, slots=True)
class Script:
    """What is fixed before the first word."""

    system_prompt: str
    language: str
    greeting: str
    goodbye: str
    apology: str
    wait: str
    still_there: str
    farewell: str
    endpointing: Endpointing
    idle_prompt_s: float
    may_end_call: bool


class Conversation:
    """`run` it, `close` it; the other methods may be called in between, on the same loop.

    `emit` gets every event and must not wait.
    """

    def __init__(self, parts: Parts, script: Script, emit: Callable[[Event], None]) -> None:
        self._parts = parts
        self._script = script
        self._history = History(script.system_prompt)
        self._rate = SpeakingRate()
        lines = ToolLines(script.wait, script.farewell)
        self._tool_talk = ToolTalk(
            parts.model, parts.toolbox, lines, may_end_call=script.may_end_call
        )
        self._preparation = Preparation(self._make_answer)
        echo = EchoGuard()
        self._hearing = Hearing(
            parts.recogniser,
            parts.detector,
            script.endpointing,
            echo,
            emit=emit,
            judge=self._judge_overlap,
            carry_out=self._carry_out,
        )
        self._speaker = Speaker(
            OverheardPlayout(parts.playout, echo),
            self._history,
            language=script.language,
            emit=emit,
            on_played=self._check_reply,
        )
        self._greeting: Reply | None = None
        self._recognising: asyncio.Task[None] | None = None
        self._idleness = Idleness(script.idle_prompt_s)
        self._idling: asyncio.Task[None] | None = None
        self._is_caller_away = False
        self._parting: Ending | None = None
        self._n_failed = 0
        self._has_spoken = False
        self._is_winding_down = False
        self._over: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()

    # Life

    def prepare_greeting(self) -> None:
        """Start to make the greeting before anybody can hear it."""
        self._greeting = self._make(fixed_line(self._script.greeting))

    async def run(self) -> Ending:
        """Greet, then talk, until the conversation ends by itself."""
        self._recognising = asyncio.create_task(self._recognise(), name="recognise")
        if self._script.idle_prompt_s:
            watching = watch(self._idleness, self._scene, self._break_silence)
            self._idling = asyncio.create_task(watching, name="idle")
        self._speaker.open()
        if self._greeting is None:
            self.prepare_greeting()
        assert self._greeting is not None
        greeting, self._greeting = self._greeting, None
        self._speaker.release(Exchange("", greeting, started_at=now()))
        return await self._over

    async def close(self) -> None:
        """Stop whatever runs; the reply at hand is recorded as interrupted. Call it once, last."""
        self._hearing.is_deaf = True
        tasks = [one for one in (self._recognising, self._idling) if one is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        if self._greeting is not None:
            await self._greeting.stop()
        await self._preparation.close()
        self._speaker.interrupt()
        self._record_last_words()
        await self._speaker.close()

    async def listen(self, windows: AsyncIterator[bytes]) -> None:
        """Hear the caller's sound, windows of 512 samples at 16 kHz, until it ends."""
        await self._hearing.listen(windows)

    def hear_text(self, text: str) -> None:
        """Take a typed message as a whole turn."""
        if self._hearing.is_deaf or not text.strip():
            return
        self._idleness.stir()
        self._forget_turn()
        self._hearing.begin_now()
        self._commit(Commit(text.strip(), now(), None, 0.0))

    async def caller_left(self) -> None:
        """The caller is gone, maybe for a moment: stop speaking, keep what they said last."""
        self._hearing.is_deaf = self._is_caller_away = True
        self._preparation.discard()
        self._speaker.interrupt()
        await self._hearing.hear_last_words()
        self._record_last_words()
        self._hearing.is_deaf = self._is_winding_down or self._over.done()

    def caller_back(self) -> None:
        """The caller is there again."""
        self._is_caller_away = False

    async def wind_down(self, ending: Ending = Ending.MAX_DURATION) -> None:
        """Time or money is up: let the reply at hand end, say goodbye, and be over."""
        await self._end_with(self._script.goodbye, ending)

    async def _recognise(self) -> None:
        try:
            await self._hearing.recognise()
        except ProviderError as exc:
            log.error("recognition.lost", extra={"provider": exc.provider, "reason": exc.reason})
        except Exception:
            log.exception("recognition.broken")
        await self._end_with(self._script.apology, Ending.AGENT_ERROR)

    async def _end_with(self, line: str, ending: Ending) -> None:
        """Let the reply at hand end, say a last line, and be over; the first to call it does."""
        if self._is_winding_down:
            return
        self._is_winding_down = self._hearing.is_deaf = True
        self._preparation.discard()
        self._speaker.resume()
        await self._hearing.hear_last_words()
        await self._speaker.silent(LAST_REPLY_S)
        self._speaker.interrupt()
        self._record_last_words()
        self._say_fixed(line)
        await self._speaker.silent(GOODBYE_S)
        self._end(ending)

    def _end(self, ending: Ending) -> None:
        self._hearing.is_deaf = True
        if not self._over.done():
            self._over.set_result(ending)

    # Deciding

    def _judge_overlap(self, window: Window | None) -> None:
        """What the caller's sound or words mean for the reply at hand."""
        turn = self._hearing.turn
        has_begun = turn.phase is not Phase.IDLE
        if not self._speaker.is_active or not (has_begun or window):
            return
        verdict = judge(
            Overlap(
                is_held=self._speaker.is_held,
                has_begun=has_begun,
                voiced_run=window.voiced_run if window else 0,
                probability=window.probability if window else 0.0,
                voice_s=turn.voice_s,
                silence_s=window.silence_s if window else 0.0,
                text=turn.text,
                is_settled=not turn.may_bring_words,
                n_false_holds=self._speaker.n_false_holds,
            )
        )
        match verdict:
            case Verdict.HOLD:
                self._speaker.hold()
            case Verdict.INTERRUPT:
                if early := self._speaker.interrupt(may_take_back=True):
                    turn.reopen(early.caller_text, early.caller_audio_s)
                    self._hearing.take_back(early)
            case Verdict.RESUME:
                self._go_on()
            case Verdict.GO_ON:
                pass
            case _:
                assert_never(verdict)

    def _go_on(self) -> None:
        """Resume, unless there are words that endpointing may take for an answer."""
        turn = self._hearing.turn
        if turn.text and self._speaker.unplayed_s <= NEARLY_OVER_S:
            return
        if not turn.text:
            self._speaker.was_held_for_nothing()
        has_begun = turn.phase is not Phase.IDLE
        if has_begun:
            self._forget_turn()
        self._speaker.resume(from_word=has_begun)

    def _carry_out(self, step: Step) -> None:
        match step:
            case Begin():
                self._hearing.begin()
            case Settle():
                self._hearing.settle()
            case Speculate(text):
                if not self._speaker.is_active:
                    # More than `text` when an early reply gave its own back meanwhile.
                    self._preparation.prepare(self._hearing.turn.text or text)
            case Synthesise():
                self._preparation.synthesise()
            case Discard():
                self._preparation.discard()
            case Commit():
                self._commit(step)
            case Abandon():
                self._hearing.end()
                self._preparation.discard()
                self._speaker.resume(from_word=True)
                if self._parting is not None:
                    self._end(self._parting)
            case _:
                assert_never(step)

    def _commit(self, commit: Commit) -> None:
        """The turn is over: answer it, unless it was a "mm-hm" under a reply that goes on."""
        self._hearing.end()
        self._parting = None
        if is_backchannel(commit.text) and self._speaker.unplayed_s > NEARLY_OVER_S:
            self._speaker.resume(from_word=True)
            return
        text, caller_audio_s = commit.text, commit.voice_s
        if early := self._speaker.interrupt(may_take_back=True):
            text = join_parts([early.caller_text, text])
            caller_audio_s += early.caller_audio_s
            self._hearing.take_back(early)
        reply = self._preparation.take(text)
        reply.timeline.speech_ended_at = commit.speech_ended_at
        reply.timeline.final_at = commit.final_at
        reply.timeline.decided_at = now()
        exchange = self._hearing.exchange(text, reply, caller_audio_s=caller_audio_s)
        exchange.n_discarded = self._preparation.take_discarded()
        self._speaker.release(exchange)

    def _forget_turn(self) -> None:
        self._hearing.forget()
        self._preparation.discard()

    def _record_last_words(self) -> None:
        """What the caller was saying becomes a turn without an answer."""
        turn = self._hearing.turn
        if text := turn.text:
            silence = Reply(fixed_line(""), self._parts.voice, self._rate)
            exchange = self._hearing.exchange(text, silence, caller_audio_s=turn.voice_s)
            self._speaker.record_unanswered(exchange)
        self._forget_turn()

    # Answering

    def _make_answer(self, caller_text: str) -> Reply:
        use = ToolUse()
        return self._make(self._tool_talk.source(self._history.asking(caller_text), use), use)

    def _make(self, source: TokenSource, use: ToolUse | None = None) -> Reply:
        asks_model = use is not None
        reply = Reply(source, self._parts.voice, self._rate, asks_model=asks_model, tools=use)
        reply.start()
        return reply

    def _say_fixed(self, line: str, ending: Ending | None = None) -> None:
        reply = self._make(fixed_line(line))
        self._speaker.release(Exchange("", reply, started_at=now(), farewell_for=ending))

    def _check_reply(self, played: Exchange) -> None:
        """A reply without a sound is answered by an apology; the last one of those is the end."""
        has_sounded = len(played.reply.sound) > 0
        self._has_spoken |= has_sounded
        if not has_sounded:
            self._n_failed += 1
        elif played.caller_text:
            self._n_failed = 0
        if self._is_winding_down:
            return
        is_last_line = not played.caller_text and self._n_failed >= MAX_FAILED_REPLIES
        if is_last_line:
            self._end(Ending.AGENT_ERROR if self._has_spoken else Ending.START_FAILED)
        elif not has_sounded:
            self._say_fixed(self._script.apology)
        elif ending := played.leads_to:
            self._part(ending)

    def _part(self, ending: Ending) -> None:
        """The farewell was heard to its end: leave, unless the caller is making a sound. Then that
        decides: words withdraw it."""
        if self._hearing.turn.phase is Phase.IDLE:
            self._end(ending)
        else:
            self._parting = ending

    # A caller who says nothing

    def _scene(self) -> Scene:
        if self._is_caller_away or self._hearing.is_deaf:
            return Scene.AWAY
        if self._hearing.turn.phase is not Phase.IDLE:
            return Scene.CALLER
        return Scene.AGENT if self._speaker.is_active else Scene.NOBODY

    def _break_silence(self, step: IdleStep) -> None:
        log.info("caller.idle", extra={"step": step.name.lower()})
        match step:
            case IdleStep.PROMPT:
                self._say_fixed(self._script.still_there)
            case IdleStep.LEAVE:
                self._say_fixed(self._script.farewell, Ending.NO_INPUT)
            case _:
                assert_never(step)
