"""The agent hangs up: after its farewell, unless the caller speaks into it, never by mistake."""

import asyncio

import pytest

from pipeline.events import Ending
from pipeline.history import WITHDRAWN
from tests.unit.pipeline.call import FAREWELL, GREETING, Call
from tests.unit.pipeline.fake_model import Answer
from tests.unit.pipeline.fake_toolbox import BOOK

pytestmark = pytest.mark.usefixtures("no_loose_ends")

BYE = "That is all, goodbye."
FAREWELL_OF_MODEL = "Thank you very much, and have a nice day!"
END = (("end_call", "{}"),)


def call_with(text: str) -> Call:
    call = Call(tools=(BOOK,))
    call.model.answers[BYE] = Answer(text, calls=END)
    return call


async def test_the_models_farewell_is_heard_to_its_end_and_then_it_is_over() -> None:
    async with call_with(FAREWELL_OF_MODEL) as call:
        await call.greeted()
        await call.caller.say(BYE)
        assert await call.ending() is Ending.AGENT_CLOSED
    assert [turn.agent_response for turn in call.turns] == [GREETING, FAREWELL_OF_MODEL]
    assert not call.turns[1].interrupted
    assert len(call.model.requests) == 1


@pytest.mark.parametrize("text", ["", " \n", "👋", "**", "…", "🙏 🙏\n---"])
async def test_a_model_that_hangs_up_without_a_word_says_the_languages_farewell(text: str) -> None:
    async with call_with(text) as call:
        await call.greeted()
        await call.caller.say(BYE)
        assert await call.ending() is Ending.AGENT_CLOSED
    assert [turn.agent_response for turn in call.turns] == [GREETING, FAREWELL]


async def test_words_during_the_farewell_withdraw_the_hang_up() -> None:
    async with call_with(FAREWELL_OF_MODEL) as call:
        await call.greeted()
        await call.caller.say(BYE)
        await call.speaking(for_s=0.8)
        await call.caller.say("Wait, one more question.")
        answer = await call.turn(2)
        await asyncio.sleep(5)
    assert call.turns[1].interrupted
    assert answer.agent_response == call.model.default.text
    told = call.model.requests[-1]
    assert [message.text for message in told if message.role == "tool"] == [WITHDRAWN]


async def test_a_cough_during_the_farewell_does_not_withdraw_it() -> None:
    async with call_with(FAREWELL_OF_MODEL) as call:
        await call.greeted()
        await call.caller.say(BYE)
        await call.speaking(for_s=0.8)
        await call.caller.cough(0.2)
        assert await call.ending() is Ending.AGENT_CLOSED
    assert call.turns[1].agent_response == FAREWELL_OF_MODEL


async def test_an_answer_that_is_discarded_hangs_nothing_up() -> None:
    async with call_with("") as call:
        call.model.answers["That is all"] = Answer("Bye!", calls=END, first_token_s=0.01)
        await call.greeted()
        await call.caller.say("That is all", pause_s=0.15)
        await call.caller.say("I know about it.")
        turn = await call.turn(1)
        await asyncio.sleep(5)
    assert turn.agent_response == call.model.default.text


async def test_a_hang_up_beside_other_calls_waits_for_what_came_of_them() -> None:
    async with call_with("") as call:
        call.model.answers[BYE] = Answer("", calls=(("book_table", "{}"), *END))
        said_first = "Not done: tell the caller first what came of the other calls."
        call.model.answers[said_first] = Answer("It is booked. Goodbye!", calls=END)
        await call.greeted()
        await call.caller.say(BYE)
        assert await call.ending() is Ending.AGENT_CLOSED
    assert call.turns[1].agent_response == "It is booked. Goodbye!"
    assert [name for name, _ in call.toolbox.ran] == ["book_table"]


async def test_a_bot_may_go_without_it() -> None:
    call = Call(may_end_call=False)
    call.model.answers[BYE] = Answer("", calls=END)
    call.model.answers["There is no tool of this name."] = Answer("Goodbye then.")
    async with call:
        await call.greeted()
        await call.caller.say(BYE)
        turn = await call.turn(1)
        await asyncio.sleep(5)
    assert turn.agent_response == "Goodbye then."
    assert call.model.offered == [[], []]


async def test_a_caller_who_leaves_during_the_farewell_has_hung_up() -> None:
    async with call_with(FAREWELL_OF_MODEL) as call:
        await call.greeted()
        await call.caller.say(BYE)
        await call.speaking(for_s=0.5)
        await call.conversation.caller_left()
        await asyncio.sleep(5)
    assert call.turns[1].interrupted


async def test_time_up_during_the_farewell_says_no_second_one_over_it() -> None:
    async with call_with(FAREWELL_OF_MODEL) as call:
        await call.greeted()
        await call.caller.say(BYE)
        await call.speaking(for_s=0.5)
        await call.conversation.wind_down()
        assert await call.ending() is Ending.MAX_DURATION
    assert not any(turn.interrupted for turn in call.turns)
