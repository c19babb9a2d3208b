"""Greeting, question, answer: what a conversation does when nobody interrupts anybody."""

import asyncio

import pytest

from pipeline.endpointing import Endpointing
from pipeline.events import AgentState, AgentTranscribed, CallerTranscribed, StateChanged
from pipeline.ports import Message, Partial
from tests.unit.pipeline.call import GREETING, Call
from tests.unit.pipeline.fake_model import Answer
from tests.unit.pipeline.fake_voice import CHARS_PER_S

pytestmark = pytest.mark.usefixtures("no_loose_ends")

QUESTION = "What are your opening hours on Sunday?"


async def test_the_greeting_is_turn_zero() -> None:
    async with Call() as call:
        greeting = await call.turn(0)
    assert (greeting.user_transcript, greeting.agent_response) == ("", GREETING)
    assert not greeting.interrupted
    assert greeting.latencies.first_audio_ms is None
    assert greeting.latencies.total_ms is None
    assert greeting.latencies.tts_ttfb_ms == 80


async def test_a_question_is_answered_and_its_stages_are_measured() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
    assert turn.user_transcript == QUESTION
    assert turn.agent_response == call.model.default.text
    assert not turn.interrupted
    measured = turn.latencies
    assert measured.first_token_ms == 100
    assert measured.tts_ttfb_ms == 80
    assert measured.stt_ms is not None
    assert 90 <= measured.stt_ms <= 160
    assert measured.eou_delay_ms is not None
    assert 200 <= measured.eou_delay_ms <= 240
    assert measured.first_audio_ms is not None
    assert measured.eou_delay_ms <= measured.first_audio_ms <= 450
    assert measured.total_ms is not None
    assert measured.total_ms == pytest.approx(
        measured.first_audio_ms + 1000 * turn.agent_audio_s, abs=60
    )
    assert turn.caller_audio_s == pytest.approx(2.1, abs=0.1)


LATE = Endpointing(early_answers=0)
"""No answer is started while the caller still sounds."""


async def test_a_prepared_answer_is_used_when_the_words_are_the_same() -> None:
    async with Call(LATE) as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.turn(1)
    assert call.model.asked == [QUESTION]


async def test_answers_are_started_before_the_caller_is_silent() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
    *discarded, answered = call.model.asked
    assert answered == QUESTION
    assert 1 <= len(discarded) <= Endpointing().early_answers
    assert turn.n_discarded == len(discarded)
    assert turn.latencies.first_audio_ms is not None


async def test_an_early_answer_that_is_thrown_away_was_not_synthesised() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.default = Answer("Certainly. We do.", first_token_s=0.01)
        await call.caller.say("What are your opening hours on Sunday in the new house?")
        await call.turn(1)
    spoken = [speech.text for speech in call.voice.speeches if speech.text]
    assert len(call.model.asked) > 2
    assert len(spoken) == 2, "the greeting and the answer"


async def test_a_prepared_answer_is_dropped_when_the_caller_goes_on() -> None:
    async with Call(LATE) as call:
        await call.greeted()
        await call.caller.say("I am looking for a table", pause_s=0.15)
        await call.caller.say("near the window.")
        turn = await call.turn(1)
    assert turn.user_transcript == "I am looking for a table near the window."
    assert call.model.asked[-1] == turn.user_transcript
    assert call.model.asked[0] == "I am looking for a table"
    assert len(call.turns) == 2


async def test_a_prepared_answer_is_stopped_when_the_words_are_taken_back() -> None:
    async with Call() as call:
        await call.greeted()
        coughing = asyncio.create_task(call.caller.cough(0.5))
        await asyncio.sleep(0.4)
        call.recogniser.bring(Partial("Hello."))
        await coughing
        await asyncio.sleep(0.12)
        assert call.model.asked == ["Hello."]
        call.recogniser.bring(Partial(""))
        await asyncio.sleep(0.05)
        assert call.model.n_open == 0
        assert len(call.turns) == 1


async def test_an_open_ending_is_waited_for_longer_than_a_complete_one() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say("I would like to", pause_s=0.6)
        await call.caller.say("book a table.")
        turn = await call.turn(1)
    assert turn.user_transcript == "I would like to book a table."


async def test_states_follow_the_conversation() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.turn(1)
    round_trip = [AgentState.THINKING, AgentState.SPEAKING, AgentState.LISTENING]
    assert [event.state for event in call.of(StateChanged)] == [
        AgentState.LISTENING,
        *round_trip,
        *round_trip,
    ]


async def test_both_sides_are_transcribed_as_it_happens_and_made_final_once() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
    caller = [one for one in call.of(CallerTranscribed) if one.segment_id.startswith(turn.id)]
    assert caller[0].text == "What"
    assert [one.text for one in caller if one.is_final] == [QUESTION]
    assert caller[-1].is_final
    agent = [one for one in call.of(AgentTranscribed) if one.segment_id.startswith(turn.id)]
    assert len(agent) > 3
    assert all(turn.agent_response.startswith(one.text) for one in agent)
    assert [one.text for one in agent if one.is_final] == [turn.agent_response]
    assert agent[-1].is_final


async def test_the_model_is_told_what_was_said_before() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.turn(1)
        await asyncio.sleep(1)
        await call.caller.say("And on Monday please?")
        await call.turn(2)
    assert call.model.requests[-1] == [
        Message("system", "Be brief."),
        Message("assistant", GREETING),
        Message("user", QUESTION),
        Message("assistant", call.model.default.text),
        Message("user", "And on Monday please?"),
    ]


async def test_of_an_answer_without_end_only_what_was_heard_is_kept() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.answers[QUESTION] = Answer("And one more thing that I can tell you. " * 90)
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
        await asyncio.sleep(1)
        await call.caller.say("And on Monday please?")
        await call.turn(2)
    assert turn.agent_audio_s == pytest.approx(120.0)
    assert len(turn.agent_response) == pytest.approx(120 * CHARS_PER_S, abs=20)
    assert call.model.requests[-1][-2] == Message("assistant", turn.agent_response)


async def test_words_that_the_voice_left_out_are_not_recorded() -> None:
    async with Call() as call:
        await call.greeted()
        call.voice.skips = "Certainly, madam."
        call.model.answers[QUESTION] = Answer("Certainly, madam. We open at nine on Sundays.")
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
    assert turn.agent_response == "We open at nine on Sundays."


async def test_the_recogniser_gets_the_sound_from_before_speech_was_noticed() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.turn(1)
    assert [len(pcm) for pcm in call.recogniser.pre_rolls] == [10 * 1024]


async def test_a_greeting_that_was_prepared_is_heard_at_once() -> None:
    call = Call()
    call.conversation.prepare_greeting()
    await asyncio.sleep(1)
    started_at = asyncio.get_running_loop().time()
    async with call:
        await call.speaking()
        assert asyncio.get_running_loop().time() == started_at
        await call.turn(0)
    assert len(call.voice.speeches) == 1


async def test_closing_in_the_middle_of_a_reply_records_what_was_heard() -> None:
    async with Call() as call:
        await call.speaking(for_s=1.0)
    assert call.turns[0].interrupted
    assert call.turns[0].agent_response == "Hello, this is"
    assert call.turns[0].agent_audio_s == pytest.approx(1.0, abs=0.001)


async def test_closing_before_it_ran_leaves_nothing_behind() -> None:
    call = Call()
    call.conversation.prepare_greeting()
    await asyncio.sleep(0.01)
    await call.conversation.close()
    assert call.turns == []
    assert call.voice.speeches[0].is_closed


async def test_nothing_is_heard_after_closing() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.speaking(for_s=0.5)
    n_bytes = len(call.playout.left)
    await asyncio.sleep(5)
    assert call.playout.queued_s == 0
    assert len(call.playout.left) == n_bytes
