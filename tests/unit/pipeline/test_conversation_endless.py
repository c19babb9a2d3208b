"""Sound without an end: a television, music, somebody who does not stop."""

import asyncio

import pytest

from pipeline.endpointing import Endpointing
from pipeline.events import AgentState, Ending
from tests.unit.pipeline.call import APOLOGY, FAREWELL, GREETING, STILL_THERE, Call

pytestmark = pytest.mark.usefixtures("no_loose_ends")

LONGEST_S = 30.0


def talk(seconds: float, what: str = "there is rain today in the north of the country too") -> str:
    """So much talk without a pause, most of whose beginnings look complete."""
    words = what.split()
    return " ".join(words[n % len(words)] for n in range(round(seconds / 0.3)))


def lines(call: Call) -> list[str]:
    return [turn.agent_response for turn in call.turns if turn.agent_response]


async def leave(call: Call, sounding: "asyncio.Task[None]") -> None:
    sounding.cancel()
    await asyncio.wait([sounding])


async def test_talk_without_an_end_is_answered_then_asked_then_left() -> None:
    async with Call() as call:
        await call.greeted()
        began_at = asyncio.get_running_loop().time()
        talking = asyncio.create_task(call.caller.say(talk(300)))
        assert await call.ending() is Ending.NO_INPUT
        took_s = asyncio.get_running_loop().time() - began_at
        await leave(call, talking)
    assert lines(call) == [GREETING, call.model.default.text, STILL_THERE, FAREWELL]
    assert 3 * LONGEST_S <= took_s <= 3 * LONGEST_S + 10
    words = " ".join(turn.user_transcript for turn in call.turns).split()
    assert len(words) == pytest.approx(3 * LONGEST_S / 0.3, abs=6)
    assert not any(turn.interrupted for turn in call.turns)


async def test_a_sound_without_words_and_without_an_end_is_asked_then_left() -> None:
    async with Call() as call:
        await call.greeted()
        began_at = asyncio.get_running_loop().time()
        music = asyncio.create_task(call.caller.cough(300))
        assert await call.ending() is Ending.NO_INPUT
        took_s = asyncio.get_running_loop().time() - began_at
        await leave(call, music)
    assert lines(call) == [GREETING, STILL_THERE, FAREWELL]
    assert 2 * LONGEST_S <= took_s <= 2 * LONGEST_S + 10
    assert call.model.requests == []


async def test_few_answers_are_thrown_away_for_it() -> None:
    async with Call() as call:
        await call.greeted()
        for _ in range(30):
            await call.caller.say(talk(1.8, "there is rain today"), pause_s=0.15)
        assert 5 <= len(call.model.requests) <= 15
        assert call.turns[1].n_discarded == len(call.model.requests) - 1


async def test_a_caller_who_talks_for_long_is_answered_to_all_of_it() -> None:
    async with Call() as call:
        await call.greeted()
        said = talk(36) + " please."
        await call.caller.say(said)
        await call.turn(2)
        await asyncio.sleep(5)
    assert " ".join(turn.user_transcript for turn in call.turns[1:]) == said
    assert lines(call)[-1] == call.model.default.text
    assert call.turns[1].agent_response


async def test_one_who_pauses_in_between_is_not_asked_whether_they_are_there() -> None:
    async with Call() as call:
        await call.greeted()
        for index in range(1, 5):
            await call.caller.say(talk(32) + " please.")
            await call.until(lambda: call.state is AgentState.LISTENING)
            await asyncio.sleep(1)
            assert len(call.turns) > index
    assert STILL_THERE not in lines(call)


async def test_the_longest_turn_is_a_setting() -> None:
    async with Call(Endpointing(max_turn_s=10.0)) as call:
        await call.greeted()
        talking = asyncio.create_task(call.caller.say(talk(300)))
        turn = await call.turn(1)
        await leave(call, talking)
    assert len(turn.user_transcript.split()) == pytest.approx(10 / 0.3, abs=2)


async def test_a_farewell_is_not_withdrawn_by_a_sound_without_an_end() -> None:
    async with Call(idle_prompt_s=5.0) as call:
        await call.turn(2)
        await call.speaking(for_s=1.0)
        music = asyncio.create_task(call.caller.cough(300))
        assert await call.ending() is Ending.NO_INPUT
        await leave(call, music)


async def test_music_with_gaps_does_not_keep_the_line_open() -> None:
    async with Call(idle_prompt_s=5.0) as call:
        await call.greeted()
        began_at = asyncio.get_running_loop().time()

        async def play() -> None:
            while True:
                await call.caller.cough(8.0)
                await asyncio.sleep(2.0)

        music = asyncio.create_task(play())
        assert await call.ending() is Ending.NO_INPUT
        took_s = asyncio.get_running_loop().time() - began_at
        await leave(call, music)
    assert took_s <= 90
    assert call.model.requests == []


async def test_a_caller_whose_words_nobody_recognises_is_not_asked_whether_they_are_there() -> None:
    async with Call(idle_prompt_s=5.0) as call:
        await call.greeted()
        call.recogniser.partial_s, call.recogniser.loses_finals = None, True
        for _ in range(3):
            await call.caller.say("Hello can you hear me?", pause_s=4.0)
        await asyncio.sleep(9)
        assert lines(call) == [GREETING, APOLOGY]
        call.recogniser.partial_s, call.recogniser.loses_finals = 0.05, False
        await call.caller.say("Hello can you hear me now?")
        await asyncio.sleep(5)
    assert lines(call) == [GREETING, APOLOGY, call.model.default.text]


async def test_recognition_that_brings_no_words_for_long_does_not_keep_the_line_open() -> None:
    async with Call(idle_prompt_s=5.0) as call:
        await call.greeted()
        call.recogniser.partial_s, call.recogniser.loses_finals = None, True

        async def talk_on() -> None:
            while True:
                await call.caller.say("Hello can you hear me?", pause_s=12.0)

        talking = asyncio.create_task(talk_on())
        assert await call.ending() is Ending.NO_INPUT
        await leave(call, talking)
    assert set(lines(call)[1:-1]) == {APOLOGY}
    assert len(call.recogniser.pre_rolls) <= 10
