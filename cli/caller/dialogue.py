"""Taking turns with the agent: when it has finished, and what a question brought."""

import time
from collections.abc import Callable
from typing import Final

from cli.caller.caller import Caller
from cli.caller.turn import Turn

GREETING_TIMEOUT_S: Final = 20.0
ANSWER_TIMEOUT_S: Final = 60.0
"""A long reply is spoken in real time."""
_PAUSE_S: Final = 0.6
"""Longer than between an agent's sentences."""
_PAUSE_WITHOUT_TURN_S: Final = 2.5
"""An agent that announces no turns is believed to have finished after this much silence."""


class Dialogue:
    """One caller's exchanges, one after the other. `latest` are the turns that ended since the
    answer before the last: more than one where the agent answered in between."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._answered: set[int] = set()
        self.latest: list[Turn] = []

    async def hear_greeting(self, timeout_s: float = GREETING_TIMEOUT_S) -> None:
        """Wait until the agent has said its first line. Raises CallTimeout or CallEnded."""
        condition = self._finished_since(self._caller.connect_started_at or 0.0)
        await self._caller.wait_for(condition, what="the greeting", timeout_s=timeout_s)
        self._answered |= self._caller.turns.keys()

    async def hear_answer(self, since: float, timeout_s: float = ANSWER_TIMEOUT_S) -> Turn | None:
        """Wait for the answer to what was said until `since` to end; its turn, if announced.

        Raises CallTimeout or CallEnded.
        """
        condition = self._finished_since(since)
        await self._caller.wait_for(condition, what="an answer", timeout_s=timeout_s)
        fresh = self._caller.turns.keys() - self._answered
        self._answered |= fresh
        self.latest = [self._caller.turns[index] for index in sorted(fresh)]
        return self.latest[-1] if fresh else None

    def _finished_since(self, moment: float) -> Callable[[], bool]:
        def has_finished() -> bool:
            sound = self._caller.agent_sound
            quiet_s = sound.quiet_s(time.monotonic())
            if self._caller.agent_state in ("speaking", "thinking", "initializing"):
                return False
            if self._caller.turns.keys() - self._answered:
                return quiet_s is None or quiet_s > _PAUSE_S
            has_spoken = sound.onset_after(moment) is not None
            return has_spoken and quiet_s is not None and quiet_s > _PAUSE_WITHOUT_TURN_S

        return has_finished
