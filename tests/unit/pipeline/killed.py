"""A call whose process dies, and what its successor finds of it."""

import asyncio
import json
from types import TracebackType

from pipeline.events import TurnEnded
from pipeline.metering import Usage
from pipeline.resumption import PastTurn, ResumePoint
from pipeline.snapshot import Snapshot
from tests.unit.pipeline.call import Call
from tests.unit.pipeline.fake_model import Answer

GAP_S = 4.0
"""From a death until the successor is there."""

QUESTION = "What are your opening hours on Sunday?"
ANSWER = "We are open from nine in the morning until six in the evening on Sunday."
NEXT = "And on Monday please?"


class KilledCall(Call):
    """Leaving it ends it as SIGKILL does: what it was about to record is not recorded."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.conversation.silence_for_good()
        tasks = [self._running, self._listening]
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await self.conversation.close()

    def left(self, *, is_planned: bool = False, gap_s: float = GAP_S) -> ResumePoint:
        """What a successor has to go by: everything went through JSON."""
        snapshot = json.loads(json.dumps(self.conversation.snapshot(Usage()).to_json()))
        read = Snapshot.from_json(snapshot)
        past = [past_turn(turn) for turn in self.turns]
        elapsed_s = read.taken_at_ms / 1000 + gap_s
        return ResumePoint(read, past, elapsed_s, is_planned=is_planned)


def past_turn(turn: TurnEnded) -> PastTurn:
    """A turn as the store has it."""
    rounds = json.loads(json.dumps(turn.tool_rounds))
    return PastTurn(turn.id, turn.turn_index, turn.user_transcript, turn.agent_response, rounds)


def killed(idle_prompt_s: float = 0.0) -> KilledCall:
    call = KilledCall(idle_prompt_s=idle_prompt_s)
    call.model.answers[QUESTION] = Answer(ANSWER)
    return call


async def killed_in_the_answer(for_s: float) -> ResumePoint:
    """The caller has heard `for_s` of the answer to their question."""
    async with killed() as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.speaking(for_s=for_s)
        return call.left()


async def killed_after_the_answer() -> ResumePoint:
    """Nothing is owed."""
    async with killed() as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.turn(1)
        await asyncio.sleep(1.0)
        return call.left()
