"""Typed messages are turns like spoken ones."""

import asyncio

import pytest

from tests.unit.pipeline.call import GREETING, Call
from tests.unit.pipeline.fake_model import Answer

pytestmark = pytest.mark.usefixtures("no_loose_ends")

TYPED = "What are your opening hours?"


async def test_a_typed_message_is_answered_aloud() -> None:
    async with Call() as call:
        await call.greeted()
        call.conversation.hear_text(f"  {TYPED}\n")
        turn = await call.turn(1)
    assert (turn.user_transcript, turn.agent_response) == (TYPED, call.model.default.text)
    assert turn.caller_audio_s == 0


async def test_of_a_typed_message_neither_recognition_nor_endpointing_is_measured() -> None:
    async with Call() as call:
        await call.greeted()
        call.conversation.hear_text(TYPED)
        turn = await call.turn(1)
    assert turn.latencies.stt_ms is None
    assert turn.latencies.eou_delay_ms is None
    assert turn.latencies.first_audio_ms == pytest.approx(300, abs=150)


async def test_a_typed_message_interrupts_the_reply() -> None:
    async with Call() as call:
        await call.speaking(for_s=1.0)
        call.conversation.hear_text(TYPED)
        greeting = await call.turn(0)
        turn = await call.turn(1)
    assert greeting.interrupted
    assert turn.user_transcript == TYPED


@pytest.mark.parametrize("text", ["okay", "ठीक है", "mm-hm"])
async def test_a_typed_message_is_no_backchannel(text: str) -> None:
    async with Call() as call:
        await call.greeted()
        call.model.answers[TYPED] = Answer("We are open every day of the week. " * 5)
        call.conversation.hear_text(TYPED)
        await call.speaking(for_s=2.0)
        call.conversation.hear_text(text)
        turn = await call.turn(2)
    assert call.turns[1].interrupted
    assert (turn.user_transcript, turn.agent_response) == (text, call.model.default.text)


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "\0 \u2060\ufeff", "\ud800"])
async def test_a_typed_message_that_shows_nothing_is_none(text: str) -> None:
    async with Call() as call:
        await call.greeted()
        call.conversation.hear_text(text)
        call.conversation.hear_text(TYPED)
        turn = await call.turn(1)
    assert turn.user_transcript == TYPED


async def test_a_typed_message_replaces_what_was_being_said() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say("I would like to")
        call.conversation.hear_text(TYPED)
        turn = await call.turn(1)
        await asyncio.sleep(3)
    assert turn.user_transcript == TYPED
    assert len(call.turns) == 2


async def test_two_messages_in_a_row_are_one_turn() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.default = Answer("One answer for both of them.", first_token_s=0.5)
        call.conversation.hear_text("Hello.")
        await asyncio.sleep(0.2)
        call.conversation.hear_text(TYPED)
        turn = await call.turn(1)
        await asyncio.sleep(3)
    assert turn.user_transcript == f"Hello. {TYPED}"
    assert len(call.turns) == 2


@pytest.mark.parametrize("text", ["", "  \n"])
async def test_an_empty_message_does_not_interrupt(text: str) -> None:
    async with Call() as call:
        await call.speaking(for_s=1.0)
        call.conversation.hear_text(text)
        assert not (await call.turn(0)).interrupted


async def test_a_message_after_time_was_up_is_not_answered() -> None:
    async with Call() as call:
        await call.greeted()
        winding = asyncio.create_task(call.conversation.wind_down())
        await asyncio.sleep(0.3)
        call.conversation.hear_text(TYPED)
        await winding
    assert len(call.turns) == 2


async def test_messages_typed_before_the_greeting_are_answered_after_it() -> None:
    call = Call()
    call.conversation.prepare_greeting()
    call.conversation.hear_text("Hello.")
    call.conversation.hear_text(TYPED)
    await asyncio.sleep(2)
    async with call:
        turn = await call.turn(1)
    assert (call.turns[0].agent_response, call.turns[0].interrupted) == (GREETING, False)
    assert (turn.user_transcript, turn.agent_response) == (
        f"Hello. {TYPED}",
        call.model.default.text,
    )


async def test_messages_typed_before_the_greeting_is_heard_are_answered_after_it() -> None:
    async with Call() as call:
        await asyncio.sleep(0.05)
        call.conversation.hear_text("Hello.")
        await asyncio.sleep(0.05)
        call.conversation.hear_text(TYPED)
        turn = await call.turn(1)
        await asyncio.sleep(3)
    assert (call.turns[0].agent_response, call.turns[0].interrupted) == (GREETING, False)
    assert turn.user_transcript == f"Hello. {TYPED}"
    assert len(call.turns) == 2


async def test_a_message_typed_before_the_greeting_waits_for_a_caller_who_speaks_into_it() -> None:
    call = Call()
    call.conversation.hear_text(TYPED)
    async with call:
        await call.speaking(for_s=1.0)
        await call.caller.say("Hello can you hear me?")
        await call.turn(2)
    assert [turn.user_transcript for turn in call.turns] == ["", "Hello can you hear me?", TYPED]
    assert not call.turns[1].interrupted


async def test_closing_before_it_ran_leaves_a_typed_message_unanswered() -> None:
    call = Call()
    call.conversation.hear_text(TYPED)
    await asyncio.sleep(2)
    await call.conversation.close()
    assert call.turns == []
    assert call.model.requests == []
