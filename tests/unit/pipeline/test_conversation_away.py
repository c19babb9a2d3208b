"""A caller whose connection is lost for a moment: nothing that they said or waited for is lost."""

import asyncio

import pytest

from pipeline.ports import Message
from tests.unit.pipeline.call import GREETING, Call
from tests.unit.pipeline.fake_model import REFUSAL, Answer

pytestmark = pytest.mark.usefixtures("no_loose_ends")

QUESTION = "Tell me about the rooms please?"
LONG = (
    "We have three rooms for you today, and each of them has a view of the lake. "
    "The first has a large bed and a balcony, and the second has two beds and a desk."
)


async def drop_off(call: Call, *, for_s: float = 3.0) -> None:
    await call.conversation.caller_left()
    await asyncio.sleep(for_s)
    call.conversation.caller_back()


def said(call: Call) -> list[tuple[str, str]]:
    return [(turn.user_transcript, turn.agent_response) for turn in call.turns[1:]]


@pytest.mark.parametrize("pause_s", [0.0, 0.13, 0.25, 0.35])
async def test_a_question_right_before_the_link_drops_is_answered_once_they_are_back(
    pause_s: float,
) -> None:
    async with Call() as call:
        await call.greeted()
        call.model.answers[QUESTION] = Answer(LONG)
        await call.caller.say(QUESTION, pause_s=pause_s)
        await call.conversation.caller_left()
        assert said(call) == [(QUESTION, "")]
        await asyncio.sleep(3.0)
        n_requests = len(call.model.requests)
        call.conversation.caller_back()
        await call.turn(2)
    assert said(call) == [(QUESTION, ""), ("", LONG)]
    assert len(call.model.requests) == n_requests + 1
    assert call.model.requests[-1][-2:] == [
        Message("assistant", GREETING),
        Message("user", QUESTION),
    ]


async def test_an_answer_that_was_being_made_when_the_link_dropped_is_given() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.answers[QUESTION] = Answer(LONG, first_token_s=3.0)
        await call.caller.say(QUESTION, pause_s=0.8)
        await drop_off(call)
        await call.turn(2)
    assert said(call) == [(QUESTION, ""), ("", LONG)]


async def test_half_a_sentence_before_the_link_dropped_is_answered() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say("I would like to")
        await drop_off(call)
        await call.turn(2)
    assert said(call) == [("I would like to", ""), ("", call.model.default.text)]


async def test_a_caller_who_speaks_as_they_are_back_is_answered_once() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        await drop_off(call)
        await call.caller.say("Hello are you there?")
        await call.turn(2)
        await asyncio.sleep(3)
    assert said(call) == [(QUESTION, ""), ("Hello are you there?", call.model.default.text)]


async def test_an_answer_of_which_some_was_heard_is_not_begun_again() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.answers[QUESTION] = Answer(LONG)
        await call.caller.say(QUESTION)
        await call.speaking(for_s=2.0)
        await drop_off(call)
        await asyncio.sleep(5)
    assert len(call.turns) == 2


async def test_a_line_that_nobody_heard_is_said_again() -> None:
    async with Call() as call:
        await call.speaking(for_s=0.05)
        await drop_off(call)
        await call.turn(1)
    assert [turn.agent_response for turn in call.turns] == ["", GREETING]


async def test_a_caller_who_is_back_and_waits_for_nothing_is_told_nothing() -> None:
    async with Call() as call:
        await call.greeted()
        await drop_off(call)
        await asyncio.sleep(5)
    assert len(call.turns) == 1


async def test_a_second_drop_owes_the_answer_still() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.answers[QUESTION] = Answer(LONG)
        await call.caller.say(QUESTION)
        await drop_off(call)
        await asyncio.sleep(0.4)
        await drop_off(call)
        await asyncio.sleep(0.3)
        await drop_off(call)
        await call.until(lambda: call.turns[-1].agent_response == LONG)
    assert {turn.user_transcript for turn in call.turns} == {"", QUESTION}


async def test_an_answer_that_was_owed_and_fails_is_apologised_for() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.conversation.caller_left()
        call.model.default = REFUSAL
        call.conversation.caller_back()
        await call.turn(3)
    assert [text for _, text in said(call)] == ["", "", "Sorry, I could not get that."]


@pytest.mark.parametrize("after_s", [0.01, 0.5, 3.0])
async def test_a_message_typed_while_away_is_answered(after_s: float) -> None:
    async with Call() as call:
        await call.greeted()
        call.recogniser.loses_finals = True
        await call.caller.say("I would like to")
        leaving = asyncio.create_task(call.conversation.caller_left())
        await asyncio.sleep(after_s)
        call.conversation.hear_text(QUESTION)
        await leaving
        await call.until(lambda: call.turns[-1].user_transcript == QUESTION)
    assert call.turns[-1].agent_response == call.model.default.text


async def test_time_up_while_away_is_told_to_nobody_twice() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.conversation.caller_left()
        winding = asyncio.create_task(call.conversation.wind_down())
        await asyncio.sleep(0.1)
        call.conversation.caller_back()
        await winding
        await call.ending()
    assert said(call) == [(QUESTION, ""), ("", "Our time is up, goodbye.")]
