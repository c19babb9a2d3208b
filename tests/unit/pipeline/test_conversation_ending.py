"""How conversations end, and what goes wrong before: nobody is left in a silent room."""

import asyncio

import pytest

from pipeline.events import CallerTranscribed, Ending
from pipeline.ports import Final
from tests.unit.pipeline.call import APOLOGY, GOODBYE, GREETING, Call
from tests.unit.pipeline.fake_model import REFUSAL, Answer

pytestmark = pytest.mark.usefixtures("no_loose_ends")

QUESTION = "Tell me about the rooms please?"
LONG = (
    "We have three rooms for you today, and each of them has a view of the lake. "
    "The first has a large bed and a balcony, and the second has two beds and a desk."
)


async def hang_up(call: Call) -> None:
    call.caller.hang_up()
    await call.conversation.caller_left()


async def test_hanging_up_in_mid_sentence_leaves_that_turn() -> None:
    async with Call() as call:
        await call.greeted()
        saying = asyncio.create_task(call.caller.say("I would like to order a pizza."))
        await asyncio.sleep(1.3)
        await hang_up(call)
        assert call.turns[1].user_transcript == "I would like to"
        await saying
    turn = call.turns[1]
    assert (turn.agent_response, turn.interrupted) == ("", False)
    assert turn.caller_audio_s == pytest.approx(1.3, abs=0.1)
    assert turn.latencies.total_ms is None
    assert call.of(CallerTranscribed)[-1].is_final


async def test_hanging_up_right_after_a_question_leaves_that_turn_unanswered() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say(QUESTION, pause_s=0.13)
        await hang_up(call)
        n_bytes = len(call.playout.left)
        await asyncio.sleep(5)
        assert len(call.playout.left) == n_bytes
    turn = call.turns[1]
    assert (turn.user_transcript, turn.agent_response) == (QUESTION, "")


async def test_hanging_up_while_the_last_final_is_on_its_way_waits_for_it() -> None:
    async with Call() as call:
        await call.greeted()
        call.recogniser.final_s = 0.4
        await call.caller.say("I would like to", pause_s=0.25)
        await call.caller.say("order")
        await hang_up(call)
    assert call.turns[1].user_transcript == "I would like to order"


async def test_hanging_up_on_a_deaf_recogniser_keeps_the_partial_words() -> None:
    async with Call() as call:
        await call.greeted()
        call.recogniser.loses_finals = True
        await call.caller.say("I would like to")
        await hang_up(call)
    assert call.turns[1].user_transcript == "I would like to"


async def test_hanging_up_during_a_reply_leaves_what_was_heard() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.answers[QUESTION] = Answer(LONG)
        await call.caller.say(QUESTION)
        await call.speaking(for_s=2.0)
        await hang_up(call)
        turn = call.turns[1]
        n_bytes = len(call.playout.left)
        await asyncio.sleep(5)
        assert len(call.playout.left) == n_bytes
    assert turn.interrupted
    assert 0 < len(turn.agent_response) < len(LONG)
    assert len(call.turns) == 2


async def test_hanging_up_while_the_agent_thinks_leaves_the_question() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.answers[QUESTION] = Answer("Much too late.", first_token_s=3.0)
        await call.caller.say(QUESTION, pause_s=0.8)
        await hang_up(call)
    assert (call.turns[1].user_transcript, call.turns[1].agent_response) == (QUESTION, "")


async def test_hanging_up_in_silence_leaves_nothing() -> None:
    async with Call() as call:
        await call.greeted()
        await hang_up(call)
    assert len(call.turns) == 1


async def test_a_caller_who_comes_back_goes_on_talking() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say(QUESTION, pause_s=0.1)
        await call.conversation.caller_left()
        await asyncio.sleep(5)
        await call.caller.say("And what do they cost?")
        turn = await call.turn(2)
    assert turn.user_transcript == "And what do they cost?"
    assert turn.agent_response == call.model.default.text


async def test_closing_in_mid_sentence_leaves_that_turn() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say("I would like to", pause_s=0.2)
    assert call.turns[1].user_transcript == "I would like to"


async def test_a_model_that_fails_is_apologised_for() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.answers[QUESTION] = REFUSAL
        await call.caller.say(QUESTION)
        failed = await call.turn(1)
        apology = await call.turn(2)
        await asyncio.sleep(1)
        await call.caller.say("Are you still there?")
        answered = await call.turn(3)
    assert (failed.user_transcript, failed.agent_response) == (QUESTION, "")
    assert failed.latencies.first_audio_ms is None
    assert (apology.user_transcript, apology.agent_response) == ("", APOLOGY)
    assert answered.agent_response == call.model.default.text


async def test_a_model_that_fails_three_times_in_a_row_ends_it_after_an_apology() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.default = REFUSAL
        for index in (1, 3, 5):
            await call.caller.say(QUESTION)
            await call.turn(index + 1)
            await asyncio.sleep(1)
        assert await call.ending() is Ending.AGENT_ERROR
    assert [turn.agent_response for turn in call.turns[1:]] == ["", APOLOGY] * 3


async def test_failures_that_are_not_in_a_row_do_not_end_it() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.answers[QUESTION] = REFUSAL
        for question in (QUESTION, QUESTION, "Hello?", QUESTION, QUESTION, "Hello?"):
            n_turns = len(call.turns)
            await call.caller.say(question)
            await call.turn(n_turns)
            await asyncio.sleep(4)
        assert call.turns[-1].agent_response == call.model.default.text


async def test_a_model_that_breaks_off_is_heard_as_far_as_it_came() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.answers[QUESTION] = Answer(LONG, fails_after=8)
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
        await asyncio.sleep(3)
    assert turn.agent_response == "We have three rooms for you today, and"
    assert not turn.interrupted
    assert len(call.turns) == 2


@pytest.mark.parametrize("text", ["", " \n ", "👍", "**", "..."])
async def test_an_answer_without_a_word_is_not_a_silent_room(text: str) -> None:
    async with Call() as call:
        await call.greeted()
        call.model.answers[QUESTION] = Answer(text)
        await call.caller.say(QUESTION)
        apology = await call.turn(2)
    assert apology.agent_response == APOLOGY


async def test_a_voice_that_never_worked_is_a_failed_start() -> None:
    call = Call()
    call.voice.is_broken = True
    async with call:
        assert await call.ending() is Ending.START_FAILED
    assert not any(turn.agent_response for turn in call.turns)


async def test_a_voice_that_stops_working_ends_it_with_an_error() -> None:
    async with Call() as call:
        await call.greeted()
        call.voice.is_broken = True
        await call.caller.say(QUESTION)
        assert await call.ending() is Ending.AGENT_ERROR
    assert (call.turns[1].user_transcript, call.turns[1].agent_response) == (QUESTION, "")


async def test_a_voice_that_breaks_off_leaves_only_what_was_heard() -> None:
    async with Call() as call:
        await call.greeted()
        call.voice.breaks_after_s = 1.0
        call.model.answers[QUESTION] = Answer(LONG)
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
    assert LONG.startswith(turn.agent_response)
    assert 0 < len(turn.agent_response) < 30
    assert turn.agent_audio_s == pytest.approx(1.0)


async def test_a_recogniser_that_gives_up_is_apologised_for_and_ends_it() -> None:
    async with Call() as call:
        await call.greeted()
        call.recogniser.fail()
        assert await call.ending() is Ending.AGENT_ERROR
    assert call.turns[-1].agent_response == APOLOGY
    assert not call.turns[-1].interrupted


async def test_a_recogniser_that_gives_up_lets_the_greeting_end() -> None:
    call = Call()
    call.recogniser.fail()
    async with call:
        assert await call.ending() is Ending.AGENT_ERROR
    assert [turn.agent_response for turn in call.turns] == [GREETING, APOLOGY]


async def test_time_up_lets_the_reply_end_and_says_goodbye_to_its_end() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.speaking(for_s=0.5)
        await call.conversation.wind_down()
        assert await call.ending() is Ending.MAX_DURATION
    assert [turn.agent_response for turn in call.turns[1:]] == [call.model.default.text, GOODBYE]
    assert not any(turn.interrupted for turn in call.turns)


async def test_time_up_ends_a_reply_that_goes_on_for_too_long() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.answers[QUESTION] = Answer(LONG * 5)
        await call.caller.say(QUESTION)
        await call.speaking(for_s=0.5)
        began_at = asyncio.get_running_loop().time()
        await call.conversation.wind_down()
        assert asyncio.get_running_loop().time() - began_at <= 10
    assert [turn.interrupted for turn in call.turns[1:]] == [True, False]


async def test_time_up_in_mid_sentence_leaves_that_turn() -> None:
    async with Call() as call:
        await call.greeted()
        saying = asyncio.create_task(call.caller.say("I would like to order a pizza."))
        await asyncio.sleep(1.3)
        await call.conversation.wind_down()
        await saying
    assert [turn.user_transcript for turn in call.turns[1:]] == ["I would like to", ""]
    assert call.turns[-1].agent_response == GOODBYE


async def test_time_up_while_a_final_is_on_its_way_starts_no_new_topic() -> None:
    async with Call() as call:
        await call.greeted()
        call.recogniser.final_s = 0.5
        call.recogniser.partial_s = None
        await call.caller.say(QUESTION, pause_s=0.3)
        await call.conversation.wind_down()
        assert await call.ending() is Ending.MAX_DURATION
    assert [turn.user_transcript for turn in call.turns[1:]] == [QUESTION, ""]
    assert [turn.agent_response for turn in call.turns[1:]] == ["", GOODBYE]
    assert not call.turns[-1].interrupted


async def test_time_up_during_a_cough_lets_the_reply_end() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.speaking(for_s=0.5)
        await call.caller.cough(0.3)
        await call.conversation.wind_down()
    assert [turn.agent_response for turn in call.turns[1:]] == [call.model.default.text, GOODBYE]


async def test_words_that_come_late_are_recorded_and_do_not_stop_the_goodbye() -> None:
    async with Call() as call:
        await call.greeted()
        winding = asyncio.create_task(call.conversation.wind_down())
        await asyncio.sleep(0.5)
        call.recogniser.bring(Final("What about breakfast?"))
        await winding
    assert [(turn.user_transcript, turn.agent_response) for turn in call.turns[1:]] == [
        ("", GOODBYE),
        ("What about breakfast?", ""),
    ]


async def test_words_that_come_late_follow_the_reply_that_was_at_hand() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.answers[QUESTION] = Answer(LONG * 5)
        await call.caller.say(QUESTION)
        await call.speaking(for_s=0.5)
        winding = asyncio.create_task(call.conversation.wind_down())
        await asyncio.sleep(0.5)
        call.recogniser.bring(Final("What about breakfast?"))
        await winding
    assert [turn.user_transcript for turn in call.turns[1:]] == [
        QUESTION,
        "What about breakfast?",
        "",
    ]


async def test_time_up_after_recognition_was_lost_says_one_last_line_only() -> None:
    async with Call() as call:
        await call.greeted()
        call.recogniser.fail()
        await asyncio.sleep(0.5)
        await call.conversation.wind_down()
        assert await call.ending() is Ending.AGENT_ERROR
    assert [turn.agent_response for turn in call.turns[1:]] == [APOLOGY]


async def test_recognition_lost_after_time_was_up_says_one_last_line_only() -> None:
    async with Call() as call:
        await call.greeted()
        winding = asyncio.create_task(call.conversation.wind_down())
        await asyncio.sleep(0.5)
        call.recogniser.fail()
        await winding
        assert await call.ending() is Ending.MAX_DURATION
    assert [turn.agent_response for turn in call.turns[1:]] == [GOODBYE]
