"""Moments at which nobody speaks."""

import asyncio

import pytest

from tests.unit.pipeline.call import Call

pytestmark = pytest.mark.usefixtures("no_loose_ends")

QUESTION = "What are your opening hours on Sunday?"


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_it_is_quiet_once_both_have_ended() -> None:
    async with Call() as call:
        await call.speaking(for_s=0.5)
        assert not call.conversation.is_quiet
        await call.greeted()
        assert call.conversation.is_quiet
        asking = asyncio.create_task(call.caller.say(QUESTION))
        await asyncio.sleep(0.2)
        assert not call.conversation.is_quiet, "the caller speaks"
        await asking
        await asyncio.sleep(0.25)
        assert not call.conversation.is_quiet, "the answer is made"
        await call.conversation.quiet()
        assert [turn.user_transcript for turn in call.turns] == ["", QUESTION]


async def test_a_sound_just_before_is_waited_out() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say("Hm", pause_s=0.1)
        ended_at = now()
        await call.conversation.quiet()
        assert now() - ended_at >= 0.4


async def test_a_conversation_that_ends_is_not_quiet_any_more() -> None:
    async with Call() as call:
        await call.greeted()
        await call.conversation.wind_down()
        assert not call.conversation.is_quiet
