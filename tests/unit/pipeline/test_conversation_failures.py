"""Answers that fail: apologised for where nothing was said, and three in a row end it."""

import asyncio

import pytest

from pipeline.events import Ending
from tests.unit.pipeline.call import APOLOGY, FAREWELL, WAIT, Call
from tests.unit.pipeline.fake_model import REFUSAL, Answer
from tests.unit.pipeline.fake_toolbox import BOOK

pytestmark = pytest.mark.usefixtures("no_loose_ends")

QUESTION = "Tell me about the rooms please?"
LONG = (
    "We have three rooms for you today, and each of them has a view of the lake. "
    "The first has a large bed and a balcony, and the second has two beds and a desk."
)
CUT = Answer(LONG, fails_after=12)
EMPTY = Answer("")


def replies(call: Call) -> list[str]:
    return [turn.agent_response for turn in call.turns[1:]]


def questions(call: Call) -> list[str]:
    return [turn.user_transcript for turn in call.turns if turn.user_transcript]


async def answered(call: Call, n_questions: int) -> None:
    await call.until(lambda: len(questions(call)) >= n_questions)


@pytest.mark.parametrize(
    "answers", [(CUT, CUT, CUT), (EMPTY, EMPTY, EMPTY), (CUT, EMPTY, REFUSAL), (REFUSAL, CUT, CUT)]
)
@pytest.mark.parametrize("is_typed", [False, True])
async def test_three_answers_in_a_row_that_fail_in_whatever_way_end_it(
    answers: tuple[Answer, ...], is_typed: bool
) -> None:
    async with Call() as call:
        await call.greeted()
        for number, call.model.default in enumerate(answers):
            if is_typed:
                call.conversation.hear_text(QUESTION)
            else:
                await call.caller.say(QUESTION)
            await answered(call, number + 1)
            await asyncio.sleep(0.1 if number == 2 else 4)
        assert await call.ending() is Ending.AGENT_ERROR
    assert replies(call)[-1] == APOLOGY
    assert len(questions(call)) == 3
    assert not call.turns[-1].interrupted


async def test_typing_over_the_apologies_does_not_put_off_the_end() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.default = REFUSAL
        for index in (1, 3):
            call.conversation.hear_text(QUESTION)
            await call.turn(index)
            await call.speaking(for_s=0.5)
        call.conversation.hear_text(QUESTION)
        assert await call.ending() is Ending.AGENT_ERROR
    assert replies(call)[-1] == APOLOGY
    assert len(questions(call)) == 3


async def test_an_answer_that_was_cut_counts_also_when_the_caller_speaks_over_it() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.default = CUT
        for index in range(1, 4):
            await call.caller.say(QUESTION)
            await call.speaking(for_s=2.0)
            if index < 3:
                await call.caller.say("Yes and what else?")
                await call.turn(index)
        assert await call.ending() is Ending.AGENT_ERROR


async def test_an_answer_in_between_starts_the_count_over() -> None:
    async with Call() as call:
        await call.greeted()
        good = Answer("Certainly.")
        for call.model.default in (CUT, EMPTY, good, CUT, REFUSAL, good, EMPTY, CUT):
            n_questions = len(questions(call))
            call.conversation.hear_text(QUESTION)
            await answered(call, n_questions + 1)
            await asyncio.sleep(4)
        call.model.default = good
        call.conversation.hear_text(QUESTION)
        await asyncio.sleep(4)
        assert replies(call)[-1] == "Certainly."


async def test_nothing_after_a_tool_that_was_waited_for_is_apologised_for() -> None:
    call = Call(tools=(BOOK,))
    call.toolbox.takes_s = 3.0
    call.toolbox.results = {"book_table": "booked"}
    call.model.answers[QUESTION] = Answer("", calls=(("book_table", "{}"),))
    call.model.answers["booked"] = EMPTY
    async with call:
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.turn(2)
    assert replies(call) == [WAIT, APOLOGY]


async def test_a_farewell_without_a_sound_is_said_in_our_words() -> None:
    async with Call() as call:
        call.voice.skips = "Goodbye to you."
        call.model.answers[QUESTION] = Answer("Goodbye to you.", calls=(("end_call", "{}"),))
        await call.greeted()
        await call.caller.say(QUESTION)
        assert await call.ending() is Ending.AGENT_CLOSED
    assert replies(call) == ["", FAREWELL]


async def test_a_voice_that_is_gone_at_the_farewell_keeps_nobody_in_a_silent_room() -> None:
    async with Call(idle_prompt_s=5.0) as call:
        await call.turn(2)
        call.voice.is_broken = True
        assert await call.ending() is Ending.NO_INPUT
    assert replies(call)[2:] == [""]
