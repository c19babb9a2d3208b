"""Where a conversation stands: pure, each step gives the next.

    PREPARING ─▶ GREETING ─first sound─▶ OPEN ───▶ WINDING_DOWN ─▶ OVER
                     └───┬──────────────┬─┘        a last line     nothing is said
                    left ▼              │ back     is owed         or heard any more
                      LEAVING ──▶ AWAY ─┘
                      last words are awaited

It can be over, or another holder's, from anywhere; what does not follow changes nothing.
"""

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final, Self

from pipeline.events import Ending


class Stage(Enum):
    """What is going on between caller and agent."""

    PREPARING = auto()
    GREETING = auto()
    OPEN = auto()
    LEAVING = auto()
    AWAY = auto()
    WINDING_DOWN = auto()
    OVER = auto()
    REPLACED = auto()


_GONE: Final = frozenset({Stage.LEAVING, Stage.AWAY})
_ENDING: Final = frozenset({Stage.WINDING_DOWN, Stage.OVER, Stage.REPLACED})


@dataclass(frozen=True, slots=True)
class Course:
    """`has_spoken`: the agent was heard. `ending` is how it ends, once that is certain."""

    stage: Stage = Stage.PREPARING
    has_spoken: bool = False
    ending: Ending | None = None

    @property
    def is_deaf(self) -> bool:
        """Whether sound and words change nothing but the text of the turn at hand."""
        return self.stage is Stage.LEAVING or self.stage in _ENDING

    @property
    def is_away(self) -> bool:
        """Whether the caller's connection is lost."""
        return self.stage in _GONE

    @property
    def is_ending(self) -> bool:
        """Whether no new topic is begun."""
        return self.stage in _ENDING

    @property
    def failure(self) -> Ending:
        """How it ends where it cannot go on."""
        return Ending.AGENT_ERROR if self.has_spoken else Ending.START_FAILED

    def begun(self, *, has_spoken: bool = False) -> Self:
        """The caller can hear the agent; `has_spoken` where another process has begun it."""
        if self.stage is not Stage.PREPARING:
            return self
        return self._talking(has_spoken=has_spoken)

    def sounded(self) -> Self:
        """A reply of the agent's had a sound."""
        if self.stage is Stage.GREETING:
            return self._talking(has_spoken=True)
        return replace(self, has_spoken=True)

    def left(self) -> Self:
        """The caller's connection is lost; their last words may be on their way."""
        has_begun = self.stage is not Stage.PREPARING and not self.is_ending
        return replace(self, stage=Stage.LEAVING) if has_begun else self

    def settled(self) -> Self:
        """Their last words have come, or will not."""
        return replace(self, stage=Stage.AWAY) if self.stage is Stage.LEAVING else self

    def back(self) -> Self:
        """They are there again."""
        return self._talking(has_spoken=self.has_spoken) if self.is_away else self

    def winding_down(self, ending: Ending) -> Self:
        """One last line is owed; the first reason for it counts."""
        if self.is_ending:
            return self
        return replace(self, stage=Stage.WINDING_DOWN, ending=ending)

    def over(self, ending: Ending | None = None) -> Self:
        """Nothing is owed any more; without an ending it was closed from outside."""
        if self.stage in (Stage.OVER, Stage.REPLACED):
            return self
        return replace(self, stage=Stage.OVER, ending=ending or self.ending)

    def replaced(self) -> Self:
        """Another holder goes on with it."""
        return replace(self, stage=Stage.REPLACED)

    def _talking(self, *, has_spoken: bool) -> Self:
        stage = Stage.OPEN if has_spoken else Stage.GREETING
        return replace(self, stage=stage, has_spoken=has_spoken)
