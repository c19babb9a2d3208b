"""A process died while tools were called: none is called twice."""

import asyncio

import pytest

from pipeline.history import OUTCOME_UNKNOWN
from pipeline.resumption import ResumePoint
from tests.unit.pipeline.call import Call
from tests.unit.pipeline.fake_model import Answer
from tests.unit.pipeline.fake_toolbox import BOOK
from tests.unit.pipeline.killed import ANSWER, NEXT, QUESTION, KilledCall

pytestmark = pytest.mark.usefixtures("no_loose_ends")


async def killed_while_booking(after_s: float) -> ResumePoint:
    async with KilledCall(tools=(BOOK,)) as dead:
        dead.model.answers[QUESTION] = Answer("", calls=(("book_table", "{}"),))
        dead.model.answers["done"] = Answer(ANSWER, first_token_s=5.0)
        dead.toolbox.takes_s = 1.0
        await dead.greeted()
        await dead.caller.say(QUESTION)
        await dead.toolbox.began.wait()
        await asyncio.sleep(after_s)
        return dead.left()


@pytest.mark.parametrize(("after_s", "result"), [(0.5, OUTCOME_UNKNOWN), (1.2, "done")])
async def test_a_tool_that_was_called_is_not_called_again(after_s: float, result: str) -> None:
    point = await killed_while_booking(after_s)
    call = Call(tools=(BOOK,), point=point)
    call.model.answers[result] = Answer("It is booked, I think.")
    async with call:
        turn = await call.turn(0)
        await asyncio.sleep(1.0)
        await call.caller.say(NEXT)
        await call.turn(1)
    assert call.toolbox.ran == []
    assert [message.role for message in call.model.requests[0]][-3:] == [
        "user",
        "assistant",
        "tool",
    ]
    assert turn.user_transcript == QUESTION
    assert turn.agent_response.endswith("It is booked, I think.")
    assert turn.tool_calls == 1
    told = [message.text for message in call.model.requests[-1] if message.role == "tool"]
    assert told == [result]


async def test_calls_of_past_turns_are_told_to_the_model() -> None:
    async with KilledCall(tools=(BOOK,)) as dead:
        dead.model.answers[QUESTION] = Answer("", calls=(("book_table", "{}"),))
        dead.model.answers["done"] = Answer("It is booked.")
        await dead.greeted()
        await dead.caller.say(QUESTION)
        await dead.turn(1)
        point = dead.left(is_planned=True)
    async with Call(tools=(BOOK,), point=point) as call:
        await call.caller.say(NEXT)
        await call.turn(0)
    assert "done" in [one.text for one in call.model.requests[-1] if one.role == "tool"]


async def test_words_said_before_a_call_are_said_to_their_end_after_it_too() -> None:
    async with KilledCall(tools=(BOOK,)) as dead:
        first = Answer("Sure, let me book that.", calls=(("book_table", "{}"),))
        dead.model.answers[QUESTION] = first
        dead.toolbox.takes_s = 5.0
        await dead.greeted()
        await dead.caller.say(QUESTION)
        await dead.speaking(for_s=0.7)
        point = dead.left()
    left = point.at_hand
    assert left is not None
    assert (left.heard, left.before_calls) == ("Sure, let", "me book that.")
    call = Call(tools=(BOOK,), point=point)
    call.model.answers[OUTCOME_UNKNOWN] = Answer("It may be booked.")
    async with call:
        turn = await call.turn(0)
    assert turn.agent_response == "Sure, let me book that. It may be booked."
