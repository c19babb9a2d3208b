"""Who has the floor: carries out what the caller's turn and their sound over a reply decide.

    Hearing ──steps──▶ recogniser, Preparation, Speaker
       └─ window, words ─▶ judge ─▶ suspend, resume, interrupt

Everything runs on one event loop, so that a decision and its effects are never apart.
"""

from collections.abc import Callable, Sequence
from typing import Final, assert_never

from pipeline.acknowledgement import Acknowledgement
from pipeline.answers import Answers
from pipeline.backchannel import is_backchannel
from pipeline.clock import now
from pipeline.echo import EchoGuard, OverheardPlayout
from pipeline.events import Ending, Event
from pipeline.exchange import Exchange
from pipeline.faults import FaultKind
from pipeline.hearing import Hearing
from pipeline.history import History
from pipeline.overlaps import NEARLY_OVER_S, Overlaps
from pipeline.parts import Parts, Script
from pipeline.preparation import Preparation
from pipeline.reply import Reply
from pipeline.resumption import PastTurn, ResumePoint
from pipeline.rounds import rounds_from_json
from pipeline.snapshot import AtHand, Unheard
from pipeline.speaker import Speaker
from pipeline.spending import Discards
from pipeline.steps import (
    Abandon,
    Begin,
    Commit,
    Discard,
    Insist,
    Overrun,
    Reword,
    Settle,
    Speculate,
    Step,
    Synthesise,
)
from pipeline.turn import Phase
from pipeline.words import join_parts

MISHEARD_FOR_S: Final = 2.0
"""How much may have been heard of an answer that is cut because a late final shows that it
answers misheard words. Later the caller would have said so."""


class Floor:
    """Both sides of a conversation. `on_over` is told of each reply that ended, `on_leave`
    when a farewell was heard and nothing spoke against it."""

    def __init__(
        self,
        parts: Parts,
        script: Script,
        *,
        is_deaf: Callable[[], bool],
        emit: Callable[[Event], None],
        on_over: Callable[[Exchange], None],
        on_leave: Callable[[Ending], None],
        on_overrun: Callable[[Overrun], None],
    ) -> None:
        echo, history = EchoGuard(), History(script.system_prompt)
        self._history = history
        self._answers = Answers(parts, script, history)
        discards = Discards()
        self._preparation = Preparation(
            lambda text: self._answers.answer(text, self.hearing.read_verdict), discards
        )
        self._tells_unfinished = parts.tells_unfinished
        self.faults = parts.faults
        self._on_leave = on_leave
        self._on_overrun = on_overrun
        self._parting: Ending | None = None
        self.hearing = Hearing(
            parts.recogniser,
            parts.detector,
            script.endpointing,
            parts.habits,
            echo,
            is_deaf=is_deaf,
            emit=emit,
            judge=lambda window: self._overlaps.judge(window),
            carry_out=self._carry_out,
        )
        playout = OverheardPlayout(parts.playout, echo)
        self._acknowledgement = Acknowledgement(
            script.acknowledgement,
            parts.voice,
            playout,
            after_s=script.acknowledge_after_s,
            is_quiet=lambda: self.hearing.is_quiet,
        )
        self.speaker = Speaker(
            playout,
            history,
            discards,
            self._acknowledgement,
            parts.faults,
            language=script.language,
            emit=emit,
            on_over=on_over,
        )
        self._overlaps = Overlaps(self.hearing, self.speaker, self.forget_turn)

    async def close(self) -> None:
        """Stop what runs; the reply at hand is recorded as interrupted, and the last words."""
        await self._preparation.close()
        self.speaker.interrupt()
        self.record_last_words()
        await self.speaker.close()

    async def prepare_acknowledgement(self) -> None:
        """Have the sound that precedes late answers, made while no other is waited for."""
        await self._acknowledgement.prepare(
            lambda: self.hearing.is_quiet and self.speaker.unplayed_s < float("inf")
        )

    def remember(self, past: Sequence[PastTurn]) -> None:
        """Let the model know what was said before."""
        for turn in past:
            rounds = rounds_from_json(turn.tool_rounds)
            self._history.add(turn.user_transcript, turn.agent_response, rounds)

    def prepare_rest(self, left: AtHand) -> Reply | None:
        """Start to make what is still to be said of a reply that another process began; None when
        that is nothing."""
        return self._answers.rest(left)

    def take_up(self, point: ResumePoint, rest: Reply | None) -> None:
        """Begin where another process ended: with what the caller was saying, and the `rest` of the
        reply at hand; without one it was heard to its end."""
        self.speaker.open(elapsed_s=point.elapsed_s, turn_index=point.turn_index)
        self._tell_change_of_worker(point)
        ended_at_ms = point.snapshot.taken_at_ms
        if words := point.last_words:
            said = AtHand(words.id, words.text, words.started_at_ms, words.caller_audio_s)
            self._record_left(said, ended_at_ms=ended_at_ms)
        elif turn_again := point.heard_again:
            self.hearing.take_up(turn_again.id)
        if (left := point.at_hand) is None:
            return
        if rest is None:
            self._record_left(left, ended_at_ms=ended_at_ms)
        else:
            self.speaker.release(Exchange.resumed(left, rest, self.speaker.began_at))

    def _tell_change_of_worker(self, point: ResumePoint) -> None:
        self.faults.take_over(point.faults)
        left_s = point.snapshot.taken_at_ms / 1000
        self.faults.add(
            FaultKind.WORKER_CHANGED if point.is_planned else FaultKind.WORKER_LOST,
            at=self.speaker.began_at + left_s,
            lasted_s=max(0.0, point.elapsed_s - left_s),
        )

    def _record_left(self, left: AtHand, *, ended_at_ms: int) -> None:
        exchange = Exchange.resumed(left, self._answers.silence(), self.speaker.began_at)
        ended_at = self.speaker.began_at + ended_at_ms / 1000
        exchange.reply.timeline.ended_at = max(exchange.started_at, min(now(), ended_at))
        self.speaker.record(exchange)

    @property
    def parting(self) -> Ending | None:
        """Set when a farewell was heard, and a sound of the caller's decides whether it holds."""
        return self._parting

    def silence_for_good(self) -> None:
        """End the reply at hand, let none begin, and ask for no recognition any more."""
        self.forget_turn()
        self.speaker.silence_for_good()

    def _carry_out(self, step: Step) -> None:
        match step:
            case Begin():
                self.hearing.begin()
            case Settle():
                self.hearing.settle()
            case Speculate(text):
                if not self.speaker.is_active:
                    # More than `text` when an early reply gave its own back meanwhile.
                    self._prepare(self.hearing.turn.text or text)
            case Synthesise():
                self._preparation.synthesise()
            case Insist():
                self._preparation.insist()
            case Discard():
                self._preparation.discard()
            case Commit() if self._only_listens(step.text):
                self.hearing.end()
                self.speaker.resume(from_word=True)
            case Commit():
                self.commit(step)
            case Reword():
                self._reword(step)
            case Overrun():
                self.hearing.end()
                if self._parting is not None:
                    self._on_leave(self._parting)
                else:
                    self._on_overrun(step)
            case Abandon():
                self.hearing.end()
                self._preparation.discard()
                self.speaker.resume(from_word=True)
                if self._parting is not None:
                    self._on_leave(self._parting)
            case _:
                assert_never(step)

    def _prepare(self, text: str) -> None:
        self._preparation.prepare(text)
        if self._tells_unfinished:
            self.hearing.turn.await_verdict(text)

    def _only_listens(self, text: str) -> bool:
        """Whether it is a spoken "mm-hm" under a reply that goes on."""
        return is_backchannel(text) and self.speaker.unplayed_s > NEARLY_OVER_S

    def commit(self, commit: Commit) -> None:
        """The turn is over, spoken or typed: answer it."""
        self.hearing.end()
        self._parting = None
        text, caller_audio_s = commit.text, commit.voice_s
        if early := self.speaker.interrupt(may_take_back=True):
            text = join_parts([early.caller_text, text])
            caller_audio_s += early.caller_audio_s
            self.hearing.take_back(early)
        reply = self._preparation.take(text)
        reply.timeline.speech_ended_at = commit.speech_ended_at
        reply.timeline.final_at = commit.final_at
        reply.timeline.decided_at = now()
        exchange = self.hearing.exchange(text, reply, caller_audio_s=caller_audio_s)
        self.speaker.release(exchange)

    def _reword(self, late: Reword) -> None:
        """The answer at hand is to a misheard question: give another, unless much was heard of it.
        Then only the record is put right."""
        exchange = self.speaker.exchange
        if exchange is None or not self.hearing.belongs_to(late.utterance, exchange):
            return
        before, was, after = exchange.caller_text.rpartition(late.was)
        if not was:
            return
        text = f"{before}{late.text}{after}"
        if self.hearing.turn.phase is Phase.IDLE and exchange.heard_s < MISHEARD_FOR_S:
            self._ask_again(exchange, text)
        else:
            exchange.caller_text = text

    def _ask_again(self, exchange: Exchange, text: str) -> None:
        """End the answer at hand; `text` is what the caller really said."""
        if early := self.speaker.interrupt(may_take_back=True):
            self.hearing.take_back(early)
        else:
            self.hearing.begin_now()
        speech_ended_at = exchange.reply.timeline.speech_ended_at or now()
        self.commit(Commit(text, speech_ended_at, now(), early.caller_audio_s if early else 0.0))

    def forget_turn(self, *, is_void: bool = False) -> None:
        """Drop the turn so far, and the answer that is prepared for it."""
        self._parting = None
        self.hearing.forget(is_void=is_void)
        self._preparation.discard()

    def answer_over(self, words: Commit) -> None:
        """Answer a turn whose sound goes on."""
        self.commit(words)
        self._overlaps.talk_over()

    def say_over(self, line: str) -> None:
        """Say a line over a sound that goes on."""
        self.say(line)
        self._overlaps.talk_over()

    def leave_unanswered(self, words: Commit | None) -> None:
        """Neither the reply at hand goes on, nor is there one to a turn that may hold `words`."""
        self._preparation.discard()
        self.speaker.interrupt()
        if words is not None:
            self.record_unanswered(words)

    def record_unanswered(self, words: Commit) -> Exchange:
        """The turn gets no answer, not even one that is prepared."""
        self._preparation.discard()
        silence = self._answers.silence()
        exchange = self.hearing.exchange(words.text, silence, caller_audio_s=words.voice_s)
        self.speaker.record(exchange)
        return exchange

    def record_last_words(self) -> Exchange | None:
        """What the caller was saying becomes a turn without an answer; None for no words."""
        turn, exchange = self.hearing.turn, None
        if text := turn.text:
            exchange = self.record_unanswered(Commit(text, now(), None, turn.voice_s))
        self.forget_turn()
        return exchange

    def again(self, unheard: Unheard) -> Exchange:
        """The reply that is owed for one that is recorded and was not heard, being made."""
        reply = self._answers.line(unheard.line) if unheard.line else self._answers.owed()
        return Exchange("", reply, started_at=now(), farewell_for=unheard.leads_to)

    def stop_preparing(self) -> None:
        """No answer is wanted to what the caller is saying."""
        self._preparation.discard()

    def prepare_line(self, line: str) -> Reply:
        """Start to make a line before anybody can hear it; the caller owns it until `release`."""
        return self._answers.line(line)

    def release(self, reply: Reply, ending: Ending | None = None) -> None:
        """Give a line the floor; with an `ending` it is a farewell."""
        self.speaker.release(Exchange("", reply, started_at=now(), farewell_for=ending))

    def say(self, line: str, ending: Ending | None = None) -> None:
        """Make a line and give it the floor at once."""
        self.release(self.prepare_line(line), ending)

    def part(self, ending: Ending) -> None:
        """The farewell was heard to its end: leave, unless the caller is making a sound. Then that
        decides: words withdraw it."""
        if self.hearing.turn.phase is Phase.IDLE:
            self._on_leave(ending)
        else:
            self._parting = ending
