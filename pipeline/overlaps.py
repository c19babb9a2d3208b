"""The caller's sound over a reply: what it means for the reply is done to it."""

from collections.abc import Callable
from typing import Final, assert_never

from pipeline import interruption
from pipeline.ear import Window
from pipeline.exchange import Exchange
from pipeline.hearing import Hearing
from pipeline.interruption import Verdict
from pipeline.speaker import Speaker
from pipeline.turn import Phase

NEARLY_OVER_S: Final = 1.0
"""With less than this left of the reply, a "yes" is an answer and no backchannel."""
SOUND_ENDED_S: Final = 0.5
"""Quiet after which a sound that was talked over is over itself."""


class Overlaps:
    """`judge` after each window and each transcript. `forget_turn` drops what the caller said."""

    def __init__(self, hearing: Hearing, speaker: Speaker, forget_turn: Callable[[], None]) -> None:
        self._hearing = hearing
        self._speaker = speaker
        self._forget_turn = forget_turn
        self._talking_over: Exchange | None = None

    def judge(self, window: Window | None) -> None:
        """What the caller's sound or words mean for the reply at hand."""
        turn = self._hearing.turn
        has_begun = turn.phase is not Phase.IDLE
        if not self._speaker.is_active or not (has_begun or window):
            return
        if self._talks_over(window):
            return
        verdict = interruption.judge(
            interruption.Overlap(
                is_suspended=self._speaker.is_suspended,
                has_begun=has_begun,
                voiced_run=window.voiced_run if window else 0,
                probability=window.probability if window else 0.0,
                voice_s=turn.voice_s,
                silence_s=window.silence_s if window else 0.0,
                text=turn.text,
                is_settled=not turn.may_bring_words,
                n_false_suspensions=self._speaker.n_false_suspensions,
            )
        )
        match verdict:
            case Verdict.SUSPEND:
                self._speaker.suspend()
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

    def talk_over(self) -> None:
        """The reply at hand was begun over a sound that goes on: until that ends it stops for
        nothing."""
        self._talking_over = self._speaker.exchange

    def _talks_over(self, window: Window | None) -> bool:
        if window is not None and window.silence_s >= SOUND_ENDED_S:
            self._talking_over = None
        return self._talking_over is not None and self._talking_over is self._speaker.exchange

    def _go_on(self) -> None:
        """Resume, unless there are words that endpointing may take for an answer."""
        turn = self._hearing.turn
        if turn.text and self._speaker.unplayed_s <= NEARLY_OVER_S:
            return
        if not turn.text:
            self._speaker.was_suspended_for_nothing()
        has_begun = turn.phase is not Phase.IDLE
        if has_begun:
            self._forget_turn()
        self._speaker.resume(from_word=has_begun)
