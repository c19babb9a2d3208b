"""One call, one policy: what the caller's turn decides, and when an answer would be heard.

The pipeline's own `CallerTurn` gets windows and transcripts; its steps are carried out on a
virtual answer, whose sound comes after the model's and the voice's scripted times.

::

    Speculate ──first token, first clause──▶ text ──first byte──▶ sound
                           Synthesise or Commit ──▶ ^             ^ not before Commit
                 └ of a model that tells: whether the caller has broken off; then the answer comes
                   after Insist or Commit
"""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.clips import Pause
from benchmarks.sweep.heard import HeardClip
from benchmarks.sweep.recognition import Heard, VirtualRecogniser
from pipeline.ear import Window
from pipeline.endpointing import Endpointing
from pipeline.hearing import PRE_ROLL_WINDOWS
from pipeline.speaker import TAKE_BACK_S
from pipeline.steps import (
    Abandon,
    Begin,
    Commit,
    Discard,
    Insist,
    Settle,
    Speculate,
    Step,
    Synthesise,
)
from pipeline.turn import CallerTurn
from pipeline.verdict import Verdict
from pipeline.words import same_words
from sandbox.script import SttScript
from sandbox.scripted.broken_off import BrokenOff


@dataclass(frozen=True)
class Providers:
    """How fast the others are. `clause_s`: from the first token to the first clause. `broken_off`:
    a model that is asked whether the caller is done, and how well it tells."""

    stt: SttScript
    first_token_s: float
    clause_s: float
    first_byte_s: float
    broken_off: BrokenOff | None = None

    def sound_at(self, asked_at: float, may_speak_at: float) -> float:
        text_at = asked_at + self.first_token_s + self.clause_s
        return max(text_at, may_speak_at) + self.first_byte_s


@dataclass(frozen=True)
class Answer:
    """One that was decided at `decided_at`, and would be heard from `sounds_at`."""

    text: str
    voice_s: float
    decided_at: float
    sounds_at: float


@dataclass(frozen=True)
class CutOff:
    """An answer that was heard for `heard_s` until the caller, going on, silenced it."""

    pause: Pause | None
    heard_s: float

    @property
    def is_taken_back(self) -> bool:
        return self.heard_s < TAKE_BACK_S


@dataclass(frozen=True)
class Outcome:
    """`dead_air_s`: None where no answer came. `is_whole`: the last turn held all the words."""

    cut_offs: tuple[CutOff, ...]
    dead_air_s: float | None
    is_whole: bool


def replay(
    clips: Sequence[HeardClip], endpointing: Endpointing, providers: Providers
) -> list[Outcome]:
    """Pure: the same clips, policy and providers have the same outcomes. One caller's turns: what
    it learnt of the recogniser in one clip it knows in the next."""
    turn = CallerTurn(endpointing)
    outcomes = []
    for clip in clips:
        outcomes.append(_Replay(clip, turn, providers).run())
        turn.forget()
    return outcomes


class _Replay:
    """Of one clip."""

    def __init__(self, clip: HeardClip, turn: CallerTurn, providers: Providers) -> None:
        self._clip = clip
        self._providers = providers
        self._turn = turn
        self._recogniser = VirtualRecogniser(clip.record, providers.stt)
        self._index = 0
        self._asked: tuple[str, float] | None = None
        self._verdict_at: float | None = None
        self._needs_asking_again = False
        self._may_speak_at: float | None = None
        self._answer: Answer | None = None
        self._cut_offs: list[CutOff] = []

    def run(self) -> Outcome:
        for index, window in enumerate(self._clip.windows):
            self._index = index
            for heard in self._recogniser.due(window.at):
                self._read(heard)
            self._tell_verdict(window.at)
            self._listen(window)
        answer = self._answer
        if answer is None or answer.sounds_at <= self._clip.speech_ended_at:
            return Outcome(tuple(self._cut_offs), None, is_whole=False)
        return Outcome(
            tuple(self._cut_offs),
            answer.sounds_at - self._clip.speech_ended_at,
            same_words(answer.text, self._clip.record.text),
        )

    def _read(self, heard: Heard) -> None:
        take = self._turn.on_final if heard.is_final else self._turn.on_partial
        self._carry_out(take(heard.text, at=heard.at), heard.at)

    def _listen(self, window: Window) -> None:
        was_heard = self._turn.is_heard
        steps = self._turn.on_window(window)
        if was_heard:
            heard = self._clip.recognised[self._index]
            self._recogniser.hear(window.at, heard.voiced_ms, heard.silence_ms)
        self._carry_out(steps, window.at)

    def _carry_out(self, steps: list[Step], at: float) -> None:
        for step in steps:
            match step:
                case Begin():
                    self._interrupt(at)
                    silence_ms = self._clip.recognised[self._index].silence_ms
                    self._recogniser.begin(at, self._pre_roll_ms(), silence_ms)
                case Settle():
                    self._recogniser.settle(at)
                case Speculate(text):
                    self._ask(text, at)
                case Synthesise():
                    self._may_speak_at = self._may_speak_at or at
                case Insist():
                    self._ask_again(at)
                case Discard():
                    self._asked = self._may_speak_at = self._verdict_at = None
                case Commit(text, _, _, voice_s):
                    self._commit(text, voice_s, at)
                case Abandon():
                    self._recogniser.end(at)

    def _pre_roll_ms(self) -> int:
        since = max(0, self._index + 1 - PRE_ROLL_WINDOWS)
        return sum(of.voiced_ms for of in self._clip.recognised[since : self._index + 1])

    def _ask(self, text: str, at: float) -> None:
        if self._asked is None or not same_words(self._asked[0], text):
            self._asked, self._may_speak_at = (text, at), None
            self._needs_asking_again = False
            if self._providers.broken_off is not None:
                self._turn.await_verdict(text)
                self._verdict_at = at + self._providers.first_token_s

    def _tell_verdict(self, until: float) -> None:
        """The first token of the answer comes."""
        if self._verdict_at is None or self._verdict_at > until or self._asked is None:
            return
        assert self._providers.broken_off is not None
        at, self._verdict_at = self._verdict_at, None
        text = self._asked[0]
        self._needs_asking_again = self._providers.broken_off.tells(text)
        verdict = Verdict.UNFINISHED if self._needs_asking_again else Verdict.DONE
        self._carry_out(self._turn.on_verdict(text, verdict, at=at), at)

    def _ask_again(self, at: float) -> None:
        """An answer is wanted all the same."""
        if self._asked is not None and self._needs_asking_again:
            self._asked, self._needs_asking_again = (self._asked[0], at), False

    def _commit(self, text: str, voice_s: float, at: float) -> None:
        self._recogniser.end(at)
        self._ask(text, at)
        self._ask_again(at)
        assert self._asked is not None
        sound_at = self._providers.sound_at(self._asked[1], self._may_speak_at or at)
        self._answer = Answer(text, voice_s, at, max(at, sound_at))
        self._asked = self._may_speak_at = self._verdict_at = None

    def _interrupt(self, at: float) -> None:
        """The caller goes on after an answer was decided: it falls silent now."""
        early, self._answer = self._answer, None
        if early is None:
            return
        heard_s = max(0.0, at - early.sounds_at)
        if heard_s < TAKE_BACK_S:
            self._turn.reopen(early.text, early.voice_s)
        if heard_s > 0:
            self._cut_offs.append(CutOff(self._pause_of(early), heard_s))

    def _pause_of(self, early: Answer) -> Pause | None:
        begun = [
            pause
            for pause in self._clip.record.pauses
            if self._clip.moment(pause.start_ms) <= early.sounds_at
        ]
        return begun[-1] if begun else None
