"""The caller's turn: a pure state machine over windows and transcripts.

    IDLE ──2 voiced windows──▶ SPEAKING ──90 ms quiet──▶ PAUSED ──enough quiet, text──▶ IDLE
     ▲        Begin               ▲         Settle         │  Speculate at each final    Commit
     │                            └──voice again, Discard──┘
     └───────────────quiet, and recognition heard no words: Abandon──────────────────────┘

Everything that the caller says until the agent takes over is one turn, pauses included. An
answer is prepared long before the turn is decided (Commit): from a partial that looks complete,
even while the caller still sounds, and from each final (Speculate). Before a pause only the
language model is at work on it, then the voice as well (Synthesise), which is paid by the
character. Other words, or speech after a pause, make it void (Discard). A model that tells where
the caller has broken off says so first: the turn waits for that, and may have to overrule it
(Insist).
"""

from enum import Enum, auto
from typing import Final

from pipeline.audio import WINDOW_S
from pipeline.completeness import looks_complete
from pipeline.ear import Window
from pipeline.endpointing import SETTLE_AFTER_S, Endpointing
from pipeline.past import Past, PastUtterance, read_late
from pipeline.recogniser_habits import RecogniserHabits
from pipeline.speculation import Speculation
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
from pipeline.transcript import Transcript
from pipeline.verdict import Judgement, Verdict
from pipeline.words import words_in

BEGIN_AFTER_WINDOWS: Final = 2
GO_ON_AFTER_WINDOWS: Final = 2
SPECULATE_AFTER_S: Final = 0.03
STABLE_S: Final = 0.1
"""How long a partial has not changed when it is taken for the whole."""
FINAL_OVERDUE_S: Final = 1.5
"""Quiet after which a partial stands in for a final that does not come."""
NOTHING_NEW_S: Final = 0.4
"""Quiet after which a flush that found no new words is taken to stay unanswered."""
INSIST_AHEAD_S: Final = 0.4
"""Before the longest delay: about what an answer takes to its first sound."""
WORDS_OVERDUE_S: Final = 4.0
"""Quiet after which a sound that recognition says nothing about was no speech."""


class Phase(Enum):
    """Where the caller is in their turn."""

    IDLE = auto()
    SPEAKING = auto()
    PAUSED = auto()


class CallerTurn:
    """Feed it windows and transcripts in order of time; carry out the steps that it returns.

    `n_utterances` were opened, each by a `Begin`. `n_overruns` turns followed each other that did
    not end, `n_wordless_overruns` of them without words.
    """

    def __init__(self, endpointing: Endpointing, habits: RecogniserHabits | None = None) -> None:
        self._endpointing = endpointing
        self._past = Past()
        self.n_utterances = 0
        self.n_overruns = self.n_wordless_overruns = 0
        self._gives_partials = False
        self._habits = habits or RecogniserHabits()
        self._clear()

    def _clear(self) -> None:
        self.phase = Phase.IDLE
        self.is_heard = False
        self._words = Transcript()
        self._speculation = Speculation(self._endpointing.early_answers, self._habits.foresight)
        self._judgement = Judgement()
        self._began_at = 0.0
        self._at = 0.0
        self._last_loud_at = 0.0
        self._loud_run = 0
        self._is_quiet = False
        self._silence_s = 0.0
        self.voice_s = 0.0

    @property
    def text(self) -> str:
        """All words so far, the partial ones last."""
        return self._words.text

    @property
    def is_settled(self) -> bool:
        """Whether every final that was asked for has come."""
        return self._words.n_awaited == 0

    @property
    def may_bring_words(self) -> bool:
        """Whether a final is awaited that can hold some: a recogniser that gives partials and has
        none has nothing to make a final of."""
        return not self.is_settled and bool(self._words.partial or not self._gives_partials)

    def on_window(self, window: Window) -> list[Step]:
        """Take the next 32 ms. `is_heard` tells whether the recogniser's utterance is open."""
        self._at = window.at
        self._is_quiet, self._silence_s = window.is_quiet, window.silence_s
        self._loud_run = self._loud_run + 1 if window.silence_s < WINDOW_S else 0
        if window.is_voiced:
            self.voice_s += WINDOW_S
        if self.phase is not Phase.IDLE and self._lasted_s >= self._endpointing.max_turn_s:
            return [self._overrun(window)]
        match self.phase:
            case Phase.IDLE:
                return self._maybe_begin(window)
            case Phase.SPEAKING:
                return self._maybe_settle(window)
            case Phase.PAUSED:
                return self._maybe_go_on(window)

    def on_partial(self, text: str, *, at: float, utterance: int | None = None) -> list[Step]:
        """The recogniser's present guess for what is not final yet; after the turn it is void."""
        self._gives_partials = True
        self._at = at
        is_past = utterance is not None and not self._is_present(utterance)
        if is_past or self.phase is Phase.IDLE:
            return []
        is_quiet = self.phase is Phase.PAUSED
        is_news = self._words.read_partial(words_in(text), at=at, is_quiet=is_quiet)
        return self._guess() if is_news else []

    def on_final(self, text: str, *, at: float, utterance: int | None = None) -> list[Step]:
        """Words that will not change. Late ones, after the turn, open a turn of their own, unless
        they were taken for it already."""
        text, self._at = words_in(text), at
        self._habits.punctuation.read(text)
        if (past := self._past_of(text, utterance)) is not None:
            return self._read_late(past, text, at)
        is_quiet = self.phase is Phase.PAUSED
        if self.phase is Phase.IDLE:
            return self._add_late(text, at) if text else []
        if not self._words.read_final(text, at=at, is_quiet=is_quiet) or not is_quiet:
            return []
        return [*self._speculate(), *self._decide(at - self._last_loud_at)]

    def await_verdict(self, text: str) -> None:
        """The model is being asked whether a turn with these words is over."""
        self._judgement.ask(text)

    def on_verdict(self, text: str, verdict: Verdict, *, at: float) -> list[Step]:
        """What the model says of these words; of others than the turn's it means nothing."""
        self._judgement.tell(text, verdict)
        if self.phase is not Phase.PAUSED:
            return []
        self._at = at
        return self._decide(at - self._last_loud_at)

    def _is_present(self, utterance: int) -> bool:
        return self.is_heard and utterance == self.n_utterances

    def _past_of(self, text: str, utterance: int | None) -> PastUtterance | None:
        """The utterance that a final belongs to, if that one's turn is over."""
        if utterance is not None:
            return None if self._is_present(utterance) else self._past.of(utterance)
        return self._past.owner_of(text, self._words if self.is_heard else None)

    def _read_late(self, past: PastUtterance, text: str, at: float) -> list[Step]:
        late = read_late(past, text)
        if late.beyond:
            return self._add_late(late.beyond, at)
        if not late.guessed:
            return []
        if not self._words.reword(late.guessed, text):
            return [Reword(past.number, late.guessed, text)]
        return self._speculate() if self.phase is Phase.PAUSED else []

    def _add_late(self, text: str, at: float) -> list[Step]:
        """Words of an utterance that is over, before those of the present one."""
        if self.phase is Phase.IDLE:
            self.phase = Phase.PAUSED
            self._last_loud_at = self._words.final_at = self._began_at = at
        self._words.insert(text)
        if self.phase is not Phase.PAUSED:
            return []
        return [*self._speculate(), *self._decide(at - self._last_loud_at)]

    def reopen(self, text: str, voice_s: float) -> None:
        """Take back a turn that was decided too early; what came since follows it."""
        self._words.reopen(text)
        self.voice_s += voice_s

    def cut_off(self) -> None:
        """The caller will not be heard to the end: a last final was asked for, and what comes
        until then is kept without any step."""
        self.phase = Phase.SPEAKING
        self._words.n_awaited += 1

    def forget(self, *, is_void: bool = False) -> None:
        """Drop the turn so far: a cough, an "mm-hm", or words that are recorded. With `is_void`
        no final that still comes of it counts, whatever it says."""
        if is_void:
            self.n_overruns = self.n_wordless_overruns = 0
        self._close(is_answered=False, is_void=is_void)

    def _close(self, *, is_answered: bool, is_void: bool = False) -> None:
        """The turn is over; what was taken for its words is remembered."""
        words = self._words
        if self.is_heard or (words.finals and self._past.of(self.n_utterances) is None):
            past = PastUtterance(
                self.n_utterances,
                words.finals,
                words.partial,
                is_awaited=not self.is_settled or self.phase is Phase.SPEAKING,
                is_answered=is_answered,
                is_void=is_void,
            )
            self._past.keep(past)
        self._clear()

    def _maybe_begin(self, window: Window) -> list[Step]:
        if window.voiced_run < BEGIN_AFTER_WINDOWS:
            if not window.is_voiced:
                self.voice_s = 0.0
            return []
        self.phase = Phase.SPEAKING
        self._began_at = window.at
        return self._open()

    def _open(self) -> list[Step]:
        if self.is_heard:
            return []
        self.is_heard = True
        self.n_utterances += 1
        return [Begin()]

    def _maybe_settle(self, window: Window) -> list[Step]:
        self._last_loud_at = window.last_loud_at
        if window.silence_s < SETTLE_AFTER_S:
            return self._speculate() if self._is_partial_whole(window) else []
        self.phase = Phase.PAUSED
        self._words.n_awaited += 1
        steps = self._speculate() if looks_complete(self.text) else []
        if self._speculation.text and not steps:
            steps = [Synthesise()]
        return [Settle(), *steps]

    def _guess(self) -> list[Step]:
        """What a new partial means for the answer: start on it, or on nothing as yet."""
        is_new = not self._speculation.is_for(self.text)
        is_likely = looks_complete(self._words.partial)
        if is_likely and self.phase is Phase.SPEAKING:
            is_likely = self._speculation.guess(self.text)
        is_sounding = self.phase is Phase.SPEAKING and self._silence_s < SPECULATE_AFTER_S
        if not is_likely or (is_sounding and not self._may_be_early):
            return self._void() if is_new else []
        if is_new and is_sounding:
            self._speculation.count_early()
        return self._speculate()

    @property
    def _may_be_early(self) -> bool:
        return self._speculation.may_be_early(self.text, lasted_s=self._lasted_s)

    def _overrun(self, window: Window) -> Overrun:
        text = self.text
        self.n_overruns += 1
        self.n_wordless_overruns += not text
        words = Commit(text, window.at, self._words.final_at, self.voice_s) if text else None
        self._close(is_answered=bool(text))
        return Overrun(words, self.n_overruns, self.n_wordless_overruns)

    @property
    def _lasted_s(self) -> float:
        return self._at - self._began_at

    def _is_partial_whole(self, window: Window) -> bool:
        """Whether the partial is likely to hold all that was said: it looks complete, and it came
        after the last sound or has not changed for a while."""
        if window.silence_s < SPECULATE_AFTER_S or not looks_complete(self._words.partial):
            return False
        if not self._speculation.guess(self.text):
            return False
        is_stable = window.at - self._words.partial_at >= STABLE_S
        return is_stable or self._words.partial_at > window.last_loud_at

    def _maybe_go_on(self, window: Window) -> list[Step]:
        if self._loud_run >= GO_ON_AFTER_WINDOWS:
            self.phase = Phase.SPEAKING
            return [*self._open(), *self._void()]
        return self._decide(window.at - self._last_loud_at)

    def _void(self) -> list[Step]:
        self._judgement.drop()
        return [Discard()] if self._speculation.drop() else []

    def _decide(self, quiet_s: float) -> list[Step]:
        if not self._is_quiet:
            return []
        text = self.text
        if text and (self.is_settled or quiet_s >= self._overdue_s):
            verdict, stops_tell = self._judgement.of(text), self._habits.punctuation.tells_ends
            delay_s = self._endpointing.delay_s(text, stops_tell=stops_tell, verdict=verdict)
            if quiet_s < delay_s:
                is_near = quiet_s >= delay_s - INSIST_AHEAD_S
                return [Insist()] if is_near and self._judgement.overrule() else []
            commit = Commit(text, self._last_loud_at, self._words.final_at, self.voice_s)
            self._speculation.judge(text)
            self.n_overruns = self.n_wordless_overruns = 0
            self._close(is_answered=True)
            return [commit]
        if not text and (self.is_settled or quiet_s >= WORDS_OVERDUE_S):
            self._close(is_answered=False)
            return [Abandon()]
        return []

    @property
    def _overdue_s(self) -> float:
        return FINAL_OVERDUE_S if self.may_bring_words else NOTHING_NEW_S

    def _speculate(self) -> list[Step]:
        text = self.text
        if not text or self._speculation.is_for(text):
            return []
        if self.n_overruns or not self._speculation.may_start(lasted_s=self._lasted_s):
            return self._void()
        self._speculation.start(text)
        return [Speculate(text), *([Synthesise()] if self.phase is Phase.PAUSED else [])]
