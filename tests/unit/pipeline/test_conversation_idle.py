"""A caller who says nothing is asked twice, then the agent takes its leave."""

import asyncio

import pytest

from pipeline.events import Ending
from tests.unit.pipeline.call import FAREWELL, GREETING, STILL_THERE, Call
from tests.unit.pipeline.fake_model import Answer
from tests.unit.pipeline.fake_voice import CHARS_PER_S

pytestmark = pytest.mark.usefixtures("no_loose_ends")

AFTER_S = 5.0


def call() -> Call:
    return Call(idle_prompt_s=AFTER_S)


def lines(call: Call) -> list[str]:
    return [turn.agent_response for turn in call.turns]


async def test_a_silent_caller_is_asked_twice_and_then_left() -> None:
    async with call() as silent:
        assert await silent.ending() is Ending.NO_INPUT
    assert lines(silent) == [GREETING, STILL_THERE, STILL_THERE, FAREWELL]
    assert not any(turn.interrupted for turn in silent.turns)


async def test_the_wait_counts_from_the_agents_last_sound() -> None:
    async with call() as silent:
        greeting = await silent.turn(0)
        prompt = await silent.turn(1)
    assert prompt.started_at_ms - greeting.ended_at_ms == pytest.approx(1000 * AFTER_S, abs=450)


async def test_a_caller_who_answers_is_not_counted_out() -> None:
    async with call() as slow:
        for index in range(1, 9, 2):
            assert (await slow.turn(index)).agent_response == STILL_THERE
            await slow.caller.say("Yes, one moment please.")
            assert (await slow.turn(index + 1)).agent_response == slow.model.default.text


async def test_a_cough_starts_the_wait_over() -> None:
    async with call() as coughing:
        await coughing.turn(0)
        for _ in range(4):
            await asyncio.sleep(AFTER_S - 1)
            await coughing.caller.cough(0.2)
    assert lines(coughing) == [GREETING]


async def test_text_starts_the_wait_over() -> None:
    async with call() as typing:
        await typing.turn(2)
        typing.conversation.hear_text("I am reading your list.")
        await typing.turn(5)
    assert lines(typing)[3:] == [typing.model.default.text, STILL_THERE, STILL_THERE]


async def test_a_caller_who_is_away_is_not_asked_until_they_are_back() -> None:
    async with call() as away:
        await away.turn(0)
        await away.conversation.caller_left()
        await asyncio.sleep(10 * AFTER_S)
        assert lines(away) == [GREETING]
        away.conversation.caller_back()
        await away.turn(1)
    assert lines(away) == [GREETING, STILL_THERE]


async def test_words_during_the_farewell_withdraw_it() -> None:
    async with call() as late:
        await late.turn(2)
        await late.speaking(for_s=0.6)
        await late.caller.say("Wait, I am here.")
        answer = await late.turn(4)
        await asyncio.sleep(1)
    assert late.turns[3].interrupted
    assert answer.user_transcript == "Wait, I am here."
    assert answer.agent_response == late.model.default.text


async def test_a_cough_at_the_farewells_end_ends_it_a_moment_later() -> None:
    async with call() as coughing:
        await coughing.turn(2)
        await coughing.speaking(for_s=len(FAREWELL) / CHARS_PER_S - 0.05)
        await coughing.caller.cough(0.2)
        assert await coughing.ending() is Ending.NO_INPUT
    assert (lines(coughing)[3], coughing.turns[3].interrupted) == (FAREWELL, False)


async def test_words_that_begin_at_the_farewells_end_withdraw_it() -> None:
    async with call() as late:
        await late.turn(2)
        await late.speaking(for_s=len(FAREWELL) / CHARS_PER_S - 0.05)
        await late.caller.say("Wait, I am here.")
        answer = await late.turn(4)
        await asyncio.sleep(1)
    assert (lines(late)[3], answer.agent_response) == (FAREWELL, late.model.default.text)


async def test_a_long_answer_is_no_silence() -> None:
    async with call() as listening:
        await listening.turn(0)
        listening.model.default = Answer("One more thing to say. " * 20)
        listening.conversation.hear_text("Tell me everything.")
        await listening.turn(1)
    assert len(listening.turns) == 2


async def test_no_prompt_comes_where_none_is_wanted() -> None:
    async with Call() as silent:
        await silent.turn(0)
        await asyncio.sleep(300)
    assert lines(silent) == [GREETING]
