"""A process died while its conversation ended, or on the way to that: it ends once."""

import asyncio
from dataclasses import replace

import pytest

from pipeline.events import Ending
from tests.unit.pipeline.call import APOLOGY, BACK, FAREWELL, GOODBYE, GREETING, STILL_THERE, Call
from tests.unit.pipeline.fake_model import REFUSAL, Answer
from tests.unit.pipeline.killed import ANSWER, QUESTION, killed, killed_in_the_answer

pytestmark = pytest.mark.usefixtures("no_loose_ends")


@pytest.mark.parametrize("for_s", [0.2, 1.0])
async def test_a_farewell_is_said_to_its_end_and_ends_the_conversation(for_s: float) -> None:
    bye = "Thank you very much, and have a nice day!"
    async with killed() as dead:
        dead.model.answers[QUESTION] = Answer(bye, calls=(("end_call", "{}"),))
        await dead.greeted()
        await dead.caller.say(QUESTION)
        await dead.speaking(for_s=for_s)
        point = dead.left()
    async with Call(point=point) as call:
        assert await call.ending() is Ending.AGENT_CLOSED
    assert [turn.agent_response for turn in call.turns] == [bye]


async def test_a_farewell_without_a_word_yet_is_the_languages() -> None:
    point = await killed_in_the_answer(1.0)
    left = point.snapshot.at_hand
    assert left is not None
    left = replace(
        left, heard="", rest="", played_s=0, is_whole=False, leads_to=Ending.AGENT_CLOSED
    )
    point = replace(point, snapshot=replace(point.snapshot, at_hand=left))
    async with Call(point=point) as call:
        assert await call.ending() is Ending.AGENT_CLOSED
    assert [turn.agent_response for turn in call.turns] == [FAREWELL]


@pytest.mark.parametrize("after_s", [0.5, 3.0])
async def test_a_goodbye_is_said_once_and_ends_with_the_same_ending(after_s: float) -> None:
    async with killed() as dead:
        await dead.greeted()
        await dead.caller.say(QUESTION)
        await dead.speaking(for_s=3.0)
        going = asyncio.create_task(dead.conversation.wind_down(Ending.BUDGET_EXHAUSTED))
        await asyncio.sleep(after_s)
        point = dead.left()
        await going
    async with Call(point=point) as call:
        assert await call.ending() is Ending.BUDGET_EXHAUSTED
    said = [one.agent_response for one in point.past] + [one.agent_response for one in call.turns]
    assert said == [GREETING, ANSWER, GOODBYE]


async def test_words_into_the_rest_of_a_goodbye_change_nothing() -> None:
    async with killed() as dead:
        await dead.greeted()
        going = asyncio.create_task(dead.conversation.wind_down())
        await dead.speaking(for_s=0.5)
        point = dead.left()
        await going
    async with Call(point=point) as call:
        await call.caller.say("Wait, one more question.")
        assert await call.ending() is Ending.MAX_DURATION
    assert [turn.agent_response for turn in call.turns] == [GOODBYE]


async def test_a_lost_recognition_is_apologised_for_and_ends_as_an_error() -> None:
    async with killed() as dead:
        await dead.greeted()
        dead.recogniser.fail()
        await dead.speaking(for_s=1.0)
        point = dead.left()
    async with Call(point=point) as call:
        assert await call.ending() is Ending.AGENT_ERROR
    assert [turn.agent_response for turn in call.turns] == [APOLOGY]


async def test_failures_and_idle_prompts_go_on_being_counted() -> None:
    async with killed(idle_prompt_s=5.0) as dead:
        await dead.turn(2)
        await asyncio.sleep(1.0)
        point = dead.left()
    assert [turn.agent_response for turn in point.past[1:]] == [STILL_THERE] * 2
    async with Call(idle_prompt_s=5.0, point=point) as call:
        assert await call.ending() is Ending.NO_INPUT
    assert [turn.agent_response for turn in call.turns] == [BACK, FAREWELL]


async def test_failures_before_and_after_the_death_end_it_together() -> None:
    async with killed() as dead:
        dead.model.answers[QUESTION] = REFUSAL
        await dead.greeted()
        await dead.caller.say(QUESTION)
        await dead.turn(1)
        await dead.speaking(for_s=1.0)
        point = dead.left()
    assert point.snapshot.n_failed == 1
    call = Call(point=point)
    call.voice.is_broken = True
    async with call:
        call.conversation.hear_text(QUESTION)
        assert await call.ending() is Ending.AGENT_ERROR
