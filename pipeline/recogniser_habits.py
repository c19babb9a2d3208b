"""What a conversation learns of its recogniser, and the next one may begin with."""

from dataclasses import dataclass, field

from pipeline.foresight import Foresight
from pipeline.punctuation import Punctuation


@dataclass(slots=True)
class RecogniserHabits:
    """Of one recogniser in one language; nothing is known at first."""

    punctuation: Punctuation = field(default_factory=Punctuation)
    foresight: Foresight = field(default_factory=Foresight)
