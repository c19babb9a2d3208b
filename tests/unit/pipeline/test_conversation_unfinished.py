"""A model that tells where the caller has broken off: its sign decides, and nobody sees it."""

import asyncio

import pytest

from pipeline.ports import Tool
from tests.unit.pipeline.call import Call
from tests.unit.pipeline.fake_model import Answer
from tests.unit.pipeline.fake_toolbox import LOOK_UP

pytestmark = pytest.mark.usefixtures("no_loose_ends")

BROKEN = "The parcel that you sent"
"""For all that its words show it may be whole."""
WHOLE = f"{BROKEN} has not arrived"
QUESTION = "Can you check my balance"
ANSWER = "I will look at that for you."


def called(sign: str = "…", *, tools: tuple[Tool, ...] = ()) -> Call:
    call = Call(tells_unfinished=True, tools=tools)
    call.model.default = Answer(ANSWER)
    call.model.signs[BROKEN] = Answer(sign)
    return call


def shown(call: Call) -> str:
    return " ".join(str(event) for event in call.told_words + list(call.turns))


async def test_a_caller_who_has_broken_off_is_waited_for() -> None:
    async with called() as call:
        await call.greeted()
        await call.caller.say(BROKEN, pause_s=0.9)
        await call.caller.say("has not arrived")
        turn = await call.turn(1)
    assert (turn.user_transcript, turn.agent_response) == (WHOLE, ANSWER)
    assert len(call.turns) == 2


@pytest.mark.parametrize("sign", ["…", ". . .", " … ", "… Go on.", "“...”"])
async def test_one_who_says_no_more_is_answered_after_the_longest_delay(sign: str) -> None:
    async with called(sign) as call:
        await call.greeted()
        await call.caller.say(BROKEN)
        turn = await call.turn(1)
    assert turn.agent_response == ANSWER
    assert turn.latencies.eou_delay_ms == pytest.approx(1200, abs=40)
    assert turn.latencies.first_audio_ms == pytest.approx(1200, abs=60), "it was ready by then"
    assert turn.latencies.first_token_ms == pytest.approx(100, abs=5), "of the answer"
    assert call.model.asked[-2:] == [BROKEN, BROKEN]
    assert call.model.n_asked_for_sign == len(call.model.requests) - 1
    assert not set("…") & set(shown(call))


async def test_the_sign_is_not_remembered() -> None:
    async with called() as call:
        await call.greeted()
        await call.caller.say(BROKEN)
        await call.turn(1)
        await call.caller.say(QUESTION)
        await call.turn(2)
    told = call.model.requests[-1]
    assert [message.text for message in told[2:]] == [BROKEN, ANSWER, QUESTION]


async def test_a_caller_who_asked_is_answered_at_once_when_the_model_takes_it_for_whole() -> None:
    async with called() as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
    assert turn.latencies.eou_delay_ms == pytest.approx(200, abs=40)


async def test_the_turn_waits_for_the_verdict_as_no_answer_can_be_heard_before() -> None:
    async with called() as call:
        call.model.signs[BROKEN] = Answer("…", first_token_s=0.9)
        await call.greeted()
        await call.caller.say(BROKEN, pause_s=1.1)
        await call.caller.say("has not arrived")
        turn = await call.turn(1)
    assert turn.user_transcript == WHOLE


async def test_a_model_that_fails_says_nothing_of_the_caller() -> None:
    async with called() as call:
        call.model.signs[BROKEN] = Answer("", begins_s=0.1, unanswered=True)
        await call.greeted()
        await call.caller.say(BROKEN)
        await call.turn(1)
        turn = await call.turn(2)
    assert turn.agent_response == "Sorry, I could not get that."


async def test_a_sign_in_place_of_an_answer_to_a_tools_result_is_asked_past() -> None:
    async with called(tools=(LOOK_UP,)) as call:
        call.model.answers[QUESTION] = Answer("", calls=((LOOK_UP.name, "{}"),))
        call.model.signs["done"] = Answer("…")
        await call.greeted()
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
    assert turn.agent_response == ANSWER
    assert turn.tool_calls == 1
    assert call.model.asked[-2:] == ["done", "done"]


async def test_typed_words_are_answered_whatever_the_model_takes_them_for() -> None:
    async with called() as call:
        await call.greeted()
        call.conversation.hear_text(BROKEN)
        turn = await call.turn(1)
    assert turn.agent_response == ANSWER


async def test_a_model_that_is_not_asked_is_not_told_of_the_sign() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.turn(1)
        await asyncio.sleep(0.1)
    assert call.model.n_asked_for_sign == 0
