"""What to do when the caller makes a sound while the agent answers: pure, reversible first.

sound ──2 voiced windows──▶ hold (playout stops where it is, to the sample)
                              ├─ real words, or 0.6 s of voice ─▶ interrupt
                              └─ quiet, and no words or "mm-hm" ─▶ resume
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from pipeline.backchannel import is_backchannel

HOLD_AFTER_WINDOWS: Final = 2
"""64 ms of voice: one window of 32 ms fires on clicks, three cost 32 ms of silence."""
PERSISTENT_VOICE_S: Final = 0.6
"""Longer than a cough or an "mm-hm" (0.2 to 0.5 s), and words may be late or never come."""
RESUME_QUIET_S: Final = 0.3
"""Quiet after which a sound without words is over, given that recognition has answered."""
RESUME_ANYWAY_S: Final = 1.2
"""Quiet after which recognition is not waited for any longer."""


class Verdict(Enum):
    """What becomes of the agent's reply."""

    GO_ON = auto()
    HOLD = auto()
    INTERRUPT = auto()
    RESUME = auto()


@dataclass(frozen=True, slots=True)
class Overlap:
    """The caller's sound over the agent's reply so far.

    `text` is all that recognition made of it, partials included; `is_settled` tells that no
    final is outstanding; `voice_s` is how much of it the model called speech.
    """

    is_held: bool
    voiced_run: int
    voice_s: float
    silence_s: float
    text: str
    is_settled: bool


def judge(overlap: Overlap) -> Verdict:
    """Decide from what is known now; called at every window and every transcript."""
    has_words = bool(overlap.text.strip())
    if has_words and not is_backchannel(overlap.text):
        return Verdict.INTERRUPT
    if not overlap.is_held:
        return Verdict.HOLD if overlap.voiced_run >= HOLD_AFTER_WINDOWS else Verdict.GO_ON
    if overlap.voice_s >= PERSISTENT_VOICE_S and not has_words:
        return Verdict.INTERRUPT
    quiet_for = RESUME_QUIET_S if overlap.is_settled else RESUME_ANYWAY_S
    return Verdict.RESUME if overlap.silence_s >= quiet_for else Verdict.GO_ON
