"""What a turn tells of the tokens and characters that its answers took, and of those in vain."""

import asyncio

import pytest

from pipeline.endpointing import Endpointing
from pipeline.spending import Spent
from tests.unit.pipeline.call import GREETING, Call
from tests.unit.pipeline.fake_model import Answer

pytestmark = pytest.mark.usefixtures("no_loose_ends")

LATE = Endpointing(early_answers=0)
"""No answer is begun before a pause."""
QUESTION = "What are your opening hours on Sunday?"
ANSWER = "Certainly. We have one at eight, by the window."


async def test_an_answer_that_is_heard_is_used() -> None:
    async with Call(LATE) as call:
        call.model.default = Answer(ANSWER)
        await call.greeted()
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
    assert turn.used.output_tokens == len(ANSWER.split())
    assert turn.used.input_tokens > 0
    assert turn.used.characters == len(ANSWER) - 2, "the spaces between its pieces are ours"
    assert turn.n_discarded == 0
    assert turn.discarded == Spent()


async def test_a_line_of_ours_takes_characters_alone() -> None:
    async with Call() as call:
        greeting = await call.turn(0)
    assert (greeting.used.input_tokens, greeting.used.output_tokens) == (0, 0)
    assert greeting.used.characters >= len(GREETING) - 1


async def test_what_early_answers_took_is_told_beside_it() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.default = Answer(ANSWER, first_token_s=0.01)
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
    *early, _ = call.model.requests
    assert turn.n_discarded == len(early) > 0
    read = sum(sum(len(one.text.encode()) for one in messages) // 4 for messages in early)
    assert turn.discarded.input_tokens == read, "read, however soon they were left"
    assert turn.used.output_tokens == len(ANSWER.split())


async def test_an_answer_that_is_taken_back_was_in_vain() -> None:
    async with Call(LATE) as call:
        await call.greeted()
        call.model.default = Answer(ANSWER, first_token_s=0.01)
        await call.caller.say("I would like a table.")
        await call.speaking()
        await call.caller.say("For two, please.")
        turn = await call.turn(1)
    assert turn.user_transcript == "I would like a table. For two, please."
    assert turn.n_discarded == 1
    assert turn.discarded.input_tokens > 0
    assert turn.discarded.characters > 0


async def test_an_answer_that_is_cut_before_its_first_word_was_in_vain() -> None:
    async with Call(LATE) as call:
        await call.greeted()
        call.model.default = Answer(ANSWER, first_token_s=2.0)
        await call.caller.say(QUESTION)
        await call.until(lambda: len(call.model.requests) == 1)
        await asyncio.sleep(1.0)
        await call.conversation.close()
    assert call.turns[-1].used == Spent()
    assert call.turns[-1].discarded.input_tokens > 0


async def test_an_answer_that_is_cut_while_it_is_made_counts_as_far_as_it_came() -> None:
    async with Call(LATE) as call:
        await call.greeted()
        call.model.default = Answer("word " * 200 + "end.", token_s=0.1)
        await call.caller.say(QUESTION)
        await call.speaking(for_s=2.0)
        await call.conversation.close()
    assert 20 < call.turns[-1].used.output_tokens < 200
    assert call.turns[-1].discarded == Spent()
