"""What a successor owes is made while it joins the room."""

import asyncio
from dataclasses import replace

import pytest

from pipeline.resumption import ResumePoint
from tests.unit.pipeline.call import BACK, Call
from tests.unit.pipeline.fake_model import Answer
from tests.unit.pipeline.killed import (
    ANSWER,
    QUESTION,
    killed,
    killed_after_the_answer,
    killed_in_the_answer,
)

pytestmark = pytest.mark.usefixtures("no_loose_ends")


async def prepared_call(point: ResumePoint) -> Call:
    call = Call(point=replace(point, elapsed_s=point.elapsed_s + 2.0))
    call.model.answers[QUESTION] = Answer(ANSWER)
    call.conversation.prepare_resumption(point)
    await asyncio.sleep(2.0)
    return call


async def unanswered() -> ResumePoint:
    async with killed() as dead:
        dead.model.answers[QUESTION] = Answer(ANSWER, first_token_s=3.0)
        await dead.greeted()
        await dead.caller.say(QUESTION)
        await asyncio.sleep(1.0)
        return dead.left()


async def test_an_answer_that_was_prepared_is_heard_at_once() -> None:
    async with await prepared_call(await unanswered()) as call:
        resumed_at = asyncio.get_running_loop().time()
        await call.speaking()
        assert asyncio.get_running_loop().time() == resumed_at
        turn = await call.turn(0)
    assert (turn.user_transcript, turn.agent_response) == (QUESTION, ANSWER)
    assert call.model.asked == [QUESTION]
    assert len(call.voice.speeches) == 1


async def test_a_line_that_was_prepared_is_heard_at_once() -> None:
    async with await prepared_call(await killed_after_the_answer()) as call:
        resumed_at = asyncio.get_running_loop().time()
        await call.speaking()
        assert asyncio.get_running_loop().time() == resumed_at
        turn = await call.turn(0)
    assert turn.agent_response == BACK


async def test_what_was_prepared_for_nobody_is_left() -> None:
    call = await prepared_call(await killed_in_the_answer(2.0))
    await call.conversation.close()
    assert call.told == []
    assert all(speech.is_closed for speech in call.voice.speeches)
