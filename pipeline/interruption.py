"""What to do when the caller makes a sound while the agent answers: pure, reversible first.

sound ──1 window that is clearly voice──▶ suspend ─no voice in the next─▶ resume, to the sample
  └──2 voiced windows──▶ suspend (playout stops where it is)
                          ├─ real words, or 1.2 s of voice ─▶ interrupt
                          └─ quiet, and no words or "mm-hm" ─▶ resume, from the word it stopped in

A room that has made the reply stop for nothing is listened to with more caution: each time
asks for one more voiced window until the reply is over.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from pipeline.audio import WINDOW_S
from pipeline.backchannel import is_backchannel

STRONG_AT: Final = 0.7
"""Probability at which one loud window is enough to stop for. On recorded speech it comes 25 ms
before the second window at 0.5; a click that reaches it costs a gap of one window."""
SUSPEND_AFTER_WINDOWS: Final = 2
MOST_CAUTIOUS_WINDOWS: Final = 6
PERSISTENT_VOICE_S: Final = 1.2
"""Longer than coughs and listening noises; recognition has had the time to bring words."""
RESUME_QUIET_S: Final = 0.2
"""Quiet after which a sound is over, given that recognition has nothing more to say about it."""
RESUME_ANYWAY_S: Final = 0.8
"""Quiet after which recognition is not waited for any longer."""


class Verdict(Enum):
    """What becomes of the agent's reply."""

    GO_ON = auto()
    SUSPEND = auto()
    INTERRUPT = auto()
    RESUME = auto()


@dataclass(frozen=True, slots=True)
class Overlap:
    """The caller's sound over the agent's reply so far.

    `has_begun`: it is taken for speech by now, and recognition listens. `text` is all that
    recognition made of it, partials included; `is_settled`: no more words of it are expected.
    `voice_s` is how much of it the model called speech, `probability` what it says of the last
    window. `n_false_suspensions` counts the times that this reply was suspended for nothing.
    """

    is_suspended: bool
    has_begun: bool
    voiced_run: int
    probability: float
    voice_s: float
    silence_s: float
    text: str
    is_settled: bool
    n_false_suspensions: int = 0

    @property
    def is_voice(self) -> bool:
        """Whether the last windows are enough to stop for, reversibly."""
        if self.voiced_run >= min(
            SUSPEND_AFTER_WINDOWS + self.n_false_suspensions, MOST_CAUTIOUS_WINDOWS
        ):
            return True
        is_clear = self.probability >= STRONG_AT and self.silence_s < WINDOW_S
        return is_clear and not self.n_false_suspensions


def judge(overlap: Overlap) -> Verdict:
    """Decide from what is known now; called at every window and every transcript."""
    has_words = bool(overlap.text.strip())
    if has_words and not is_backchannel(overlap.text):
        return Verdict.INTERRUPT
    if not overlap.is_suspended:
        return Verdict.SUSPEND if overlap.is_voice else Verdict.GO_ON
    if not overlap.has_begun:
        return Verdict.GO_ON if overlap.voiced_run else Verdict.RESUME
    if overlap.voice_s >= PERSISTENT_VOICE_S and not has_words:
        return Verdict.INTERRUPT
    quiet_for = RESUME_QUIET_S if overlap.is_settled else RESUME_ANYWAY_S
    return Verdict.RESUME if overlap.silence_s >= quiet_for else Verdict.GO_ON
