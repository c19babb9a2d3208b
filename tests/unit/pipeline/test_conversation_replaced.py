"""A holder that finds itself replaced falls silent at once, and tells nobody anything."""

import asyncio

import pytest

from tests.unit.pipeline.call import Call
from tests.unit.pipeline.fake_model import Answer
from tests.unit.pipeline.fake_toolbox import BOOK

pytestmark = pytest.mark.usefixtures("no_loose_ends")

QUESTION = "What are your opening hours on Sunday?"


def heard(call: Call) -> int:
    """How much sound has left so far."""
    assert call.playout.queued_s >= 0
    return len(call.playout.left)


class Replaced(Call):
    """A call whose end is not the conversation's: what it recorded and what was heard differ."""

    def check(self) -> None:
        assert self.recogniser.violations == []
        assert self.model.n_open == 0
        assert all(speech.is_closed for speech in self.voice.speeches)

    def silence(self) -> tuple[int, int]:
        """Replace it, and count what was told and what was heard until then."""
        counted = len(self.told), heard(self)
        self.conversation.silence_for_good()
        return counted


async def test_a_reply_that_is_heard_stops_and_is_not_recorded() -> None:
    async with Replaced() as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.speaking(for_s=0.7)
        before = call.silence()
        await asyncio.sleep(5)
        assert (len(call.told), heard(call)) == before
        assert not call.recogniser.is_open
    assert (len(call.told), heard(call)) == before
    assert len(call.turns) == 1


async def test_a_caller_who_speaks_is_not_heard_out() -> None:
    async with Replaced() as call:
        await call.greeted()
        speaking = asyncio.create_task(call.caller.say(QUESTION))
        await asyncio.sleep(1.0)
        before = call.silence()
        assert not call.recogniser.is_open
        await speaking
        call.conversation.hear_text("Hello?")
        await call.conversation.caller_left()
        call.conversation.caller_back()
        await call.caller.say(QUESTION)
        await asyncio.sleep(5)
        assert not call.recogniser.is_open
    assert (len(call.told), heard(call)) == before
    assert call.model.n_open == 0


async def test_no_last_line_is_said_and_no_end_is_told() -> None:
    async with Replaced() as call:
        await call.greeted()
        winding_down = asyncio.create_task(call.conversation.wind_down())
        await call.speaking(for_s=0.5)
        before = call.silence()
        await winding_down
        call.recogniser.fail()
        await call.conversation.wind_down()
        await asyncio.sleep(20)
        assert not call.is_over
    assert (len(call.told), heard(call)) == before


async def test_a_call_of_a_tool_that_runs_is_left() -> None:
    async with Replaced(tools=(BOOK,)) as call:
        call.toolbox.takes_s = 5.0
        await call.greeted()
        call.model.default = Answer("", calls=(("book_table", "{}"),))
        await call.caller.say(QUESTION)
        await call.toolbox.began.wait()
        call.silence()
        await asyncio.sleep(0.1)
        assert call.toolbox.cancelled == ["book_table"]


async def test_a_greeting_that_was_prepared_is_never_heard() -> None:
    call = Replaced()
    call.conversation.prepare_greeting()
    await asyncio.sleep(1)
    call.conversation.silence_for_good()
    async with call:
        await asyncio.sleep(5)
    assert heard(call) == 0
    assert call.told == []
