"""A process died while its caller's connection was lost: what they wait for is known."""

import asyncio
from dataclasses import replace

import pytest

from pipeline.events import Ending
from pipeline.ports import Message
from pipeline.resumption import PastTurn, ResumePoint
from tests.unit.pipeline.call import BACK, GREETING, STILL_THERE, Call
from tests.unit.pipeline.fake_model import Answer
from tests.unit.pipeline.killed import ANSWER, QUESTION, KilledCall, killed
from tests.unit.pipeline.test_conversation_endless import leave

pytestmark = pytest.mark.usefixtures("no_loose_ends")


async def killed_while_away(*, back_for_s: float | None = None) -> ResumePoint:
    """The link dropped right after the caller's question; maybe they were back for a moment."""
    async with killed() as call:
        call.model.answers[QUESTION] = Answer(ANSWER, first_token_s=2.0)
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.conversation.caller_left()
        await asyncio.sleep(1.0)
        if back_for_s is not None:
            call.conversation.caller_back()
            await asyncio.sleep(back_for_s)
        return call.left()


def answering(point: ResumePoint) -> Call:
    call = Call(point=point)
    call.model.answers[QUESTION] = Answer(ANSWER)
    return call


@pytest.mark.parametrize("back_for_s", [None, 0.3, 1.5])
async def test_a_question_right_before_the_link_dropped_is_answered_by_the_successor(
    back_for_s: float | None,
) -> None:
    point = await killed_while_away(back_for_s=back_for_s)
    async with answering(point) as call:
        turn = await call.turn(0)
        await asyncio.sleep(5.0)
    assert (turn.turn_index, turn.user_transcript, turn.agent_response) == (2, "", ANSWER)
    assert len(call.turns) == 1
    assert call.model.requests[-1][-1] == Message("user", QUESTION)


async def test_it_is_answered_by_the_successors_successor_as_well() -> None:
    first = await killed_while_away()
    call = KilledCall(point=first)
    call.model.answers[QUESTION] = Answer(ANSWER, first_token_s=2.0)
    async with call:
        await asyncio.sleep(1.0)
        left = call.left()
    async with answering(replace(left, past=first.past)) as last:
        assert (await last.turn(0)).agent_response == ANSWER


async def test_a_greeting_that_nobody_heard_is_said_by_the_successor() -> None:
    async with killed() as call:
        await call.speaking(for_s=0.05)
        await call.conversation.caller_left()
        point = call.left()
    async with Call(point=point) as next_call:
        assert (await next_call.turn(0)).agent_response == GREETING


async def test_what_was_said_after_the_last_snapshot_is_not_said_again() -> None:
    point = await killed_while_away()
    said = PastTurn("00000000-0000-4000-8000-000000000001", 2, "", ANSWER)
    async with Call(point=replace(point, past=[*point.past, said])) as call:
        assert (await call.turn(0)).agent_response == BACK


async def test_a_sound_without_an_end_that_was_asked_for_words_is_left_by_the_successor() -> None:
    async with KilledCall() as call:
        await call.greeted()
        music = asyncio.create_task(call.caller.cough(300))
        await call.until(lambda: call.turns[-1].agent_response == STILL_THERE)
        await leave(call, music)
        point = call.left()
    async with Call(point=point) as next_call:
        music = asyncio.create_task(next_call.caller.cough(300))
        assert await next_call.ending() is Ending.NO_INPUT
        await leave(next_call, music)
    lines = [turn.agent_response for turn in next_call.turns if turn.agent_response]
    assert not any(STILL_THERE.startswith(line) for line in lines)
