"""What to do about a caller who has been silent for long: pure, on the times that it is shown.

    agent's last sound ──after_s──▶ "Are you still there?" ──after_s──▶ once more ──after_s──▶ LEAVE

Only time in which the caller could have spoken counts: neither the agent's nor that of a caller
who is away. Any sound or text of the caller's starts it over.
"""

import asyncio
from collections.abc import Callable
from enum import Enum, auto
from typing import Final

from pipeline.clock import now

MAX_PROMPTS: Final = 2
LOOK_EVERY_S: Final = 0.2
"""Often enough for silences of seconds, and to see a cough, which is a turn for 0.3 s."""


class Scene(Enum):
    """Who is making use of the time."""

    NOBODY = auto()
    AGENT = auto()
    CALLER = auto()
    AWAY = auto()


class IdleStep(Enum):
    """What a silence has come to."""

    PROMPT = auto()
    LEAVE = auto()


class Idleness:
    """Show it the scene again and again; do what it says. `n_prompts` came since the caller's
    last sign of life."""

    def __init__(self, after_s: float) -> None:
        self._after_s = after_s
        self.n_prompts = 0
        self._quiet_since: float | None = None

    def stir(self) -> None:
        """The caller is there: they spoke, typed or came back."""
        self.n_prompts = 0
        self._quiet_since = None

    def look(self, scene: Scene, *, at: float) -> IdleStep | None:
        """What is due now, if anything is."""
        if scene in (Scene.CALLER, Scene.AWAY):
            self.stir()
        if scene is not Scene.NOBODY:
            self._quiet_since = None
            return None
        if self._quiet_since is None:
            self._quiet_since = at
        if at - self._quiet_since < self._after_s:
            return None
        self._quiet_since = None
        self.n_prompts += 1
        return IdleStep.PROMPT if self.n_prompts <= MAX_PROMPTS else IdleStep.LEAVE


async def watch(
    idleness: Idleness, scene: Callable[[], Scene], carry_out: Callable[[IdleStep], None]
) -> None:
    """Look for ever; cancel it."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        if step := idleness.look(scene(), at=now()):
            carry_out(step)
