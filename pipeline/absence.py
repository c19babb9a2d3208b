"""A caller whose connection is lost for a moment: what they said stands, what they wait for is said
when they are back."""

import asyncio
from collections.abc import Callable
from typing import Final

from pipeline.course import Course
from pipeline.floor import Floor
from pipeline.snapshot import Unheard
from pipeline.turn import Phase

REJOINED_S: Final = 0.5
"""From a connection that is up again to hearing the agent in it."""
LOOK_EVERY_S: Final = 0.05


class Absence:
    """`begin` it when they are gone, `settle` it when they are there again."""

    def __init__(self, floor: Floor, course: Callable[[], Course]) -> None:
        self._floor = floor
        self._course = course
        self._owed: Unheard | None = None
        self._at_hand: Unheard | None = None

    @property
    def owed(self) -> Unheard | None:
        """What they wait for, until it is said."""
        return self._owed or self._at_hand

    async def begin(self) -> None:
        """Stop speaking, and record what they were saying. A reply of which nothing was heard is
        owed to them, as is one to their last words."""
        cut = self._floor.speaker.exchange
        self._floor.stop_preparing()
        self._floor.speaker.interrupt()
        if cut is not None and not cut.heard:
            self._owed = cut.unheard()
        await self._floor.hearing.hear_last_words()
        if words := self._floor.record_last_words():
            self._owed = words.unheard()

    async def settle(self) -> None:
        """Say what is owed, unless they speak first, or it is the agent's turn anyway."""
        owed, self._owed = self._owed, None
        if owed is None:
            return
        self._at_hand = owed
        n_recorded = self._floor.speaker.turn_index
        again, is_said = self._floor.again(owed), False
        try:
            await asyncio.sleep(REJOINED_S)
            while self._floor.hearing.turn.phase is not Phase.IDLE:  # noqa: ASYNC110 - time alone
                await asyncio.sleep(LOOK_EVERY_S)
            is_said = self._floor.speaker.turn_index == n_recorded and self._may_speak
            if is_said:
                self._floor.speaker.release(again)
        finally:
            self._at_hand = None
            if not is_said:
                await again.reply.stop()
            if self._course().is_away and self._owed is None:
                self._owed = owed

    @property
    def _may_speak(self) -> bool:
        course = self._course()
        return not (self._floor.speaker.is_active or course.is_ending or course.is_away)
