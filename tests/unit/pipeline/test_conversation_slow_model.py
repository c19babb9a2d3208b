"""A model that lets the caller wait: they hear that it takes a moment, and then the answer."""

import asyncio

import pytest

from tests.unit.pipeline.call import APOLOGY, FAREWELL, WAIT, Call
from tests.unit.pipeline.fake_model import Answer

pytestmark = pytest.mark.usefixtures("no_loose_ends")

QUESTION = "When are you open on Sundays?"
HOURS = "On Sundays we are open from nine to one."


def asking(answer: Answer) -> Call:
    call = Call()
    call.model.answers[QUESTION] = answer
    return call


async def answered(answer: Answer, index: int = 1) -> str:
    async with asking(answer) as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        return (await call.turn(index)).agent_response


async def test_a_caller_who_waits_for_a_model_is_told_so_once() -> None:
    assert await answered(Answer(HOURS, begins_s=8.0)) == f"{WAIT} {HOURS}"


async def test_one_who_waits_very_long_is_told_so_again() -> None:
    assert await answered(Answer(HOURS, begins_s=15.0)) == f"{WAIT} {WAIT} {HOURS}"


async def test_a_model_that_takes_a_moment_is_waited_for_in_silence() -> None:
    assert await answered(Answer(HOURS, begins_s=2.0)) == HOURS


async def test_a_wait_in_vain_ends_in_an_apology() -> None:
    async with asking(Answer("", begins_s=6.0, unanswered=True)) as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        waited, apology = await call.turn(1), await call.turn(2)
    assert (waited.agent_response, apology.agent_response) == (WAIT, APOLOGY)


async def test_a_hang_up_after_a_wait_has_its_farewell() -> None:
    calls = (("end_call", "{}"),)
    assert await answered(Answer("", begins_s=6.0, calls=calls)) == f"{WAIT} {FAREWELL}"


async def test_a_caller_who_goes_on_while_it_waits_is_asked_about_the_new_words() -> None:
    async with asking(Answer(HOURS, begins_s=8.0)) as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        await asyncio.sleep(6.0)
        await call.caller.say("Never mind, tell me the address instead.")
        turn = await call.turn(2)
    assert turn.agent_response == call.model.default.text
