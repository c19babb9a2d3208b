"""What to do about a caller who has been silent for long: pure, on the times that it is shown.

    agent's last sound ──after_s──▶ "Are you still there?" ──after_s──▶ once more ──after_s──▶ LEAVE

Only time in which the caller could have spoken counts: neither the agent's nor that of a caller
who is away. Words of the caller's start it over, and so does any other sound of theirs, but not
for ever: music brings no words. One who spoke and brought none is asked to say it again.
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
    """Who is making use of the time: the caller with words, with a voice that brought none as yet,
    or with a sound too short to be speech."""

    NOBODY = auto()
    AGENT = auto()
    CALLER = auto()
    VOICE = auto()
    SOUND = auto()
    AWAY = auto()


class IdleStep(Enum):
    """What a silence has come to."""

    PROMPT = auto()
    ASK_AGAIN = auto()
    LEAVE = auto()


class Idleness:
    """Show it the scene again and again; do what it says. Sound without words counts as being
    there for `wordless_s` together."""

    def __init__(self, after_s: float, *, wordless_s: float = 30.0) -> None:
        self._after_s = after_s
        self._longest_wordless_s = wordless_s
        self._wordless_s = 0.0
        self._has_spoken = False
        self._looked_at: float | None = None
        self._quiet_since: float | None = None
        self.n_prompts = 0

    @property
    def trusts_sound(self) -> bool:
        """Whether sound without words still tells of a caller."""
        return self._wordless_s <= self._longest_wordless_s

    def stir(self) -> None:
        """The caller is there: they said something, typed or came back."""
        self._wordless_s = 0.0
        self._has_spoken = False
        self._start_over()

    def look(self, scene: Scene, *, at: float) -> IdleStep | None:
        """What is due now, if anything is."""
        self._count_wordless(scene, at)
        if scene in (Scene.CALLER, Scene.AWAY):
            self.stir()
        elif scene in (Scene.VOICE, Scene.SOUND) and self.trusts_sound:
            self._start_over()
        elif scene is Scene.AGENT:
            self._quiet_since = None
        elif self._is_due(at):
            return self._next_step()
        return None

    def _start_over(self) -> None:
        self.n_prompts = 0
        self._quiet_since = None

    def _count_wordless(self, scene: Scene, at: float) -> None:
        if scene in (Scene.VOICE, Scene.SOUND) and self._looked_at is not None:
            self._wordless_s += at - self._looked_at
        self._looked_at = at
        self._has_spoken |= scene is Scene.VOICE

    def _is_due(self, at: float) -> bool:
        if self._quiet_since is None:
            self._quiet_since = at
        return at - self._quiet_since >= self._after_s

    def _next_step(self) -> IdleStep:
        self._quiet_since = None
        self.n_prompts += 1
        has_spoken, self._has_spoken = self._has_spoken, False
        if self.n_prompts > MAX_PROMPTS:
            return IdleStep.LEAVE
        return IdleStep.ASK_AGAIN if has_spoken else IdleStep.PROMPT


async def watch(
    idleness: Idleness, scene: Callable[[], Scene], carry_out: Callable[[IdleStep], None]
) -> None:
    """Look for ever; cancel it."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        if step := idleness.look(scene(), at=now()):
            carry_out(step)
