"""What the caller said before the agent was there is heard when it begins."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.unit.pipeline.call import Call
from tests.unit.pipeline.line import Line

pytestmark = pytest.mark.usefixtures("no_loose_ends")

QUESTION = "When do you open on Sunday?"


@asynccontextmanager
async def carried(line: Line) -> AsyncIterator[None]:
    carrying = asyncio.create_task(line.carry())
    try:
        yield
    finally:
        carrying.cancel()


@pytest.mark.parametrize("pause_s", [0.0, 0.2, 1.0, 3.0])
async def test_a_question_from_before_the_agent_came_is_answered(pause_s: float) -> None:
    line, call = Line(), Call()
    async with carried(line):
        await line.caller.say(QUESTION, pause_s=pause_s)
        call.hear(line.heard_by(call.recogniser), late_s=line.late_s(0.0))
        async with call:
            await asyncio.sleep(12.0)
    asked = [turn for turn in call.turns if turn.user_transcript]

    assert [turn.user_transcript for turn in asked] == [QUESTION]
    assert [turn.agent_response for turn in asked] == [call.model.default.text]
    assert all(turn.started_at_ms >= 0 for turn in call.turns)


async def test_a_question_that_goes_on_when_the_agent_comes_is_one_turn() -> None:
    line, call = Line(), Call()
    async with carried(line):
        saying = asyncio.create_task(line.caller.say(QUESTION))
        await asyncio.sleep(1.0)
        call.hear(line.heard_by(call.recogniser), late_s=line.late_s(0.0))
        async with call:
            await saying
            await asyncio.sleep(12.0)
    asked = [turn for turn in call.turns if turn.user_transcript]

    assert [turn.user_transcript for turn in asked] == [QUESTION]
    assert [turn.agent_response for turn in asked] == [call.model.default.text]
