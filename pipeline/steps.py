"""What the caller's turn asks for, in the order of happening; the floor carries it out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Begin:
    """Speech started: open the recogniser's utterance, pre-roll first."""


@dataclass(frozen=True, slots=True)
class Settle:
    """A pause: ask the recogniser for a final of what it has."""


@dataclass(frozen=True, slots=True)
class Speculate:
    """`text` may be the whole turn: prepare its answer, let nothing be heard."""

    text: str


@dataclass(frozen=True, slots=True)
class Synthesise:
    """The caller pauses: what is prepared may be synthesised."""


@dataclass(frozen=True, slots=True)
class Insist:
    """The turn will soon be over, although the model says that it is not: an answer is wanted."""


@dataclass(frozen=True, slots=True)
class Discard:
    """The caller goes on: what was prepared is void."""


@dataclass(frozen=True, slots=True)
class Commit:
    """The turn is over. Times are the monotonic clock's seconds."""

    text: str
    speech_ended_at: float
    final_at: float | None
    voice_s: float


@dataclass(frozen=True, slots=True)
class Reword:
    """A turn was answered on a guess, and its late final has `text` in the place of `was`: other
    words. `utterance` is counted as the recogniser's."""

    utterance: int
    was: str
    text: str


@dataclass(frozen=True, slots=True)
class Abandon:
    """There were no words."""


@dataclass(frozen=True, slots=True)
class Overrun:
    """The turn has its longest length and goes on sounding: what there is of it is over. `words`
    are None where there were none. `number` such turns have followed each other, `n_wordless` of
    them without words."""

    words: Commit | None
    number: int
    n_wordless: int


Step = (
    Begin | Settle | Speculate | Synthesise | Insist | Discard | Commit | Reword | Abandon | Overrun
)
