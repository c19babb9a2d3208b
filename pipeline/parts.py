"""What a conversation is made of: its parts, and what is fixed before the first word."""

from dataclasses import dataclass, field

from pipeline.endpointing import Endpointing
from pipeline.faults import Faults
from pipeline.ports import LanguageModel, Playout, Recogniser, SpeechDetector, Toolbox, Voice
from pipeline.recogniser_habits import RecogniserHabits


@dataclass(frozen=True, slots=True)
class Parts:
    """What the conversation hears, thinks and speaks with. `habits`: what is known of the
    recogniser's; the conversation adds to it. `tells_unfinished`: the model is asked to say where
    the caller has broken off, and is believed. `faults`: where the parts put down what they
    noticed."""

    recogniser: Recogniser
    model: LanguageModel
    voice: Voice
    playout: Playout
    detector: SpeechDetector
    toolbox: Toolbox
    habits: RecogniserHabits = field(default_factory=RecogniserHabits)
    tells_unfinished: bool = False
    faults: Faults = field(default_factory=Faults)


@dataclass(frozen=True, slots=True)
class Script:
    """What is fixed before the first word. `acknowledgement` precedes answers that are late, so
    long after the caller's last sound; after 0 s it never does."""

    system_prompt: str
    language: str
    greeting: str
    goodbye: str
    apology: str
    wait: str
    still_there: str
    back: str
    farewell: str
    endpointing: Endpointing
    idle_prompt_s: float
    may_end_call: bool
    acknowledgement: str = ""
    acknowledge_after_s: float = 0.0
