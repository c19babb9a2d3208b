"""What a snapshot tells of a conversation at its moments."""

import asyncio

import pytest

from pipeline.events import Ending
from pipeline.metering import Usage
from pipeline.snapshot import AtHand, Snapshot
from tests.unit.pipeline.call import GREETING, Call
from tests.unit.pipeline.fake_model import Answer
from tests.unit.pipeline.fake_toolbox import BOOK

pytestmark = pytest.mark.usefixtures("no_loose_ends")

QUESTION = "What are your opening hours on Sunday?"
USAGE = Usage(characters=7)


def snapshot(call: Call) -> Snapshot:
    return call.conversation.snapshot(USAGE)


def at_hand(call: Call) -> AtHand:
    exchange = snapshot(call).at_hand
    assert exchange is not None
    return exchange


async def test_a_greeting_is_known_whole_before_its_first_sound() -> None:
    async with Call() as call:
        await asyncio.sleep(0)
        before = at_hand(call)
        await call.speaking(for_s=1.0)
        during = at_hand(call)
        greeting = await call.turn(0)
        after = snapshot(call)
    assert (before.heard, before.rest, before.is_whole) == ("", GREETING, True)
    assert (during.heard, during.rest) == ("Hello, this is", "the front desk. How can I help you?")
    assert before.id == during.id == greeting.id
    assert (after.at_hand, after.next_index, after.has_spoken) == (None, 1, True)
    assert after.unbilled == USAGE


async def test_a_question_is_kept_from_its_first_word_until_it_is_answered() -> None:
    async with Call() as call:
        await call.greeted()
        started_s = asyncio.get_running_loop().time() - 1000
        asking = asyncio.create_task(call.caller.say(QUESTION))
        await asyncio.sleep(1.0)
        speaking = snapshot(call).open_turn
        await asking
        await call.speaking(for_s=0.5)
        answering = snapshot(call)
        turn = await call.turn(1)
    assert speaking is not None
    assert speaking.text == "What are your"
    assert speaking.started_at_ms == pytest.approx(1000 * started_s, abs=100)
    assert speaking.caller_audio_s == pytest.approx(1.0, abs=0.1)
    assert answering.open_turn is None
    exchange = answering.at_hand
    assert exchange is not None
    assert exchange.id == speaking.id == turn.id
    assert exchange.caller_text == QUESTION
    assert exchange.is_announced
    assert exchange.is_whole
    assert f"{exchange.heard} {exchange.rest}" == turn.agent_response
    assert exchange.played_s == pytest.approx(0.5, abs=0.05)
    assert exchange.started_at_ms == turn.started_at_ms
    assert exchange.marks["speech_ended_at"] == turn.moments.speech_ended_at_ms


async def test_a_reply_in_the_making_tells_what_its_tools_did_so_far() -> None:
    async with Call(tools=(BOOK,)) as call:
        call.model.answers["Book it please now."] = Answer("", calls=(("book_table", "{}"),))
        call.model.answers["done"] = Answer("It is booked.", first_token_s=1.0)
        call.toolbox.takes_s = 1.0
        await call.greeted()
        await call.caller.say("Book it please now.")
        await call.toolbox.began.wait()
        begun = at_hand(call)
        await asyncio.sleep(1.1)
        answered = at_hand(call)
    assert [[one["result"] for one in made] for made in begun.rounds] == [[None]]
    assert [[one["result"] for one in made] for made in answered.rounds] == [["done"]]
    assert not answered.is_whole


async def test_a_farewell_and_a_last_line_are_told_as_such() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.default = Answer("Goodbye then, and thank you!", calls=(("end_call", "{}"),))
        await call.caller.say("That is all, goodbye.")
        await call.speaking(for_s=0.5)
        assert at_hand(call).leads_to is Ending.AGENT_CLOSED
        winding_down = asyncio.create_task(call.conversation.wind_down())
        await call.turn(1)
        await call.speaking(for_s=0.5)
        last = snapshot(call)
        await winding_down
    assert last.winding_down is Ending.MAX_DURATION
    assert last.at_hand is not None
    assert last.at_hand.leads_to is Ending.MAX_DURATION


async def test_a_silent_caller_and_failed_replies_are_counted() -> None:
    async with Call(idle_prompt_s=5.0) as call:
        await call.turn(1)
        assert snapshot(call).n_idle_prompts == 1
        call.voice.is_broken = True
        await call.caller.say(QUESTION)
        await call.turn(2)
        assert snapshot(call).n_failed == 1
