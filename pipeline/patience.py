"""What is said to a caller who says nothing, and over one who does not stop."""

import logging
from collections.abc import Callable
from typing import Final, assert_never

from pipeline import idle
from pipeline.course import Course
from pipeline.endless import Response, respond
from pipeline.events import Ending
from pipeline.floor import Floor
from pipeline.idle import Idleness, IdleStep, Scene
from pipeline.parts import Script
from pipeline.steps import Overrun
from pipeline.turn import Phase

log = logging.getLogger(__name__)

SPEECH_S: Final = 0.5
"""Of voice: no cough."""


class Patience:
    """`leave` says the farewell whatever is to be heard meanwhile, and ends it."""

    def __init__(
        self,
        floor: Floor,
        script: Script,
        course: Callable[[], Course],
        *,
        leave: Callable[[], None],
    ) -> None:
        self._floor = floor
        self._script = script
        self._course = course
        self._leave = leave
        self.idleness = Idleness(script.idle_prompt_s, wordless_s=script.endpointing.max_turn_s)

    async def watch(self) -> None:
        """Notice when nobody says anything, for ever; cancel it."""
        await idle.watch(self.idleness, self._scene, self._break_silence)

    def break_off(self, overrun: Overrun) -> None:
        """The caller's turn is over at its longest length; its sound goes on."""
        response = respond(overrun)
        log.info("caller.endless", extra={"response": response.name.lower()})
        if response is Response.ANSWER and overrun.words is not None:
            self._floor.answer_over(overrun.words)
            return
        self._floor.leave_unanswered(overrun.words)
        if response is Response.LEAVE:
            self._leave()
        else:
            self._floor.say_over(self._script.still_there)

    def _scene(self) -> Scene:
        course, turn = self._course(), self._floor.hearing.turn
        is_speaking = self._floor.speaker.is_active
        if course.is_away or course.is_ending:
            return Scene.AWAY
        if turn.text:
            return Scene.CALLER
        if is_speaking and not self.idleness.trusts_sound:
            return Scene.AGENT
        if turn.phase is not Phase.IDLE:
            return Scene.VOICE if turn.voice_s >= SPEECH_S else Scene.SOUND
        return Scene.AGENT if is_speaking else Scene.NOBODY

    def _break_silence(self, step: IdleStep) -> None:
        log.info("caller.idle", extra={"step": step.name.lower()})
        match step:
            case IdleStep.PROMPT:
                self._floor.say_over(self._script.still_there)
            case IdleStep.ASK_AGAIN:
                self._floor.say_over(self._script.apology)
            case IdleStep.LEAVE if self._floor.hearing.turn.phase is Phase.IDLE:
                self._floor.say(self._script.farewell, Ending.NO_INPUT)
            case IdleStep.LEAVE:
                self._leave()
            case _:
                assert_never(step)
