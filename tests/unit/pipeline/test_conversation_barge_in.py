"""The caller makes a sound while the agent answers: what stops it, what does not."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from pipeline.audio import WINDOW_S
from pipeline.endpointing import Endpointing
from pipeline.events import AgentState, CallerTranscribed
from pipeline.ports import Final, Message, Partial
from tests.unit.pipeline.call import Call
from tests.unit.pipeline.fake_model import Answer

pytestmark = pytest.mark.usefixtures("no_loose_ends")

QUESTION = "Tell me about the rooms please?"
LONG = (
    "We have three rooms for you today, and each of them has a view of the lake. "
    "The first has a large bed and a balcony, and the second has two beds and a desk."
)


@pytest_asyncio.fixture
async def call() -> AsyncIterator[Call]:
    """A call in which the agent is 1.5 s into a long answer."""
    call = Call()
    call.model.answers[QUESTION] = Answer(LONG)
    async with call:
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.speaking(for_s=1.5)
        yield call


async def test_the_agent_is_silent_two_windows_after_the_caller_starts(call: Call) -> None:
    began_at = asyncio.get_running_loop().time()
    await call.caller.say("No stop that please.", pause_s=0.1)
    assert call.playout.last_left_at - began_at <= 3 * 0.032


async def test_words_interrupt_and_only_what_was_heard_is_kept(call: Call) -> None:
    await call.caller.say("No, what does the first one cost?")
    interrupted = await call.turn(1)
    answered = await call.turn(2)
    assert interrupted.interrupted
    assert interrupted.agent_response
    assert LONG.startswith(interrupted.agent_response)
    assert 3 <= len(interrupted.agent_response.split()) <= 7
    assert interrupted.agent_audio_s == pytest.approx(1.56, abs=0.05)
    assert answered.user_transcript == "No, what does the first one cost?"
    assert answered.agent_response == call.model.default.text
    assert not answered.interrupted


async def test_an_interrupted_turn_ends_with_its_sound(call: Call) -> None:
    await call.caller.say("No, what does the first one cost?")
    turn = await call.turn(1)
    assert turn.latencies.total_ms is not None
    assert turn.latencies.first_audio_ms is not None
    assert turn.latencies.total_ms - turn.latencies.first_audio_ms == pytest.approx(
        1000 * turn.agent_audio_s, abs=40
    )


async def test_the_model_is_told_what_was_heard_and_not_what_was_written(call: Call) -> None:
    await call.caller.say("No, what does the first one cost?")
    interrupted = await call.turn(1)
    await call.turn(2)
    assert call.model.requests[-1][-2:] == [
        Message("assistant", interrupted.agent_response),
        Message("user", "No, what does the first one cost?"),
    ]


async def test_an_answer_after_a_barge_in_is_as_quick_as_any(call: Call) -> None:
    await call.caller.say("No, what does the first one cost?")
    answered = await call.turn(2)
    assert answered.latencies.first_audio_ms is not None
    assert answered.latencies.first_audio_ms <= 450


async def test_after_a_cough_the_reply_goes_on_from_the_very_sample(call: Call) -> None:
    await call.caller.cough(0.3)
    turn = await call.turn(1)
    assert not turn.interrupted
    assert turn.agent_response == LONG
    assert turn.agent_audio_s == pytest.approx(len(call.voice.speeches[-1].pcm) / 48_000)
    call.check()


async def test_a_cough_costs_less_than_half_a_second(call: Call) -> None:
    await call.caller.cough(0.3)
    turn = await call.turn(1)
    assert turn.latencies.total_ms is not None
    assert turn.latencies.first_audio_ms is not None
    silent_ms = turn.latencies.total_ms - turn.latencies.first_audio_ms - 1000 * turn.agent_audio_s
    assert 200 <= silent_ms <= 0.3 * 1000 + 450


async def test_a_single_window_of_voice_leaves_hardly_a_gap(call: Call) -> None:
    await call.caller.cough(WINDOW_S)
    turn = await call.turn(1)
    assert (turn.interrupted, turn.agent_response) == (False, LONG)
    assert turn.latencies.total_ms is not None
    assert turn.latencies.first_audio_ms is not None
    silent_ms = turn.latencies.total_ms - turn.latencies.first_audio_ms - 1000 * turn.agent_audio_s
    assert silent_ms <= 120


async def test_a_loud_noise_that_is_no_voice_is_talked_over(call: Call) -> None:
    n_pushed = len(call.playout.pushed_at)
    await call.caller.clatter(1.0)
    assert len(call.playout.pushed_at) - n_pushed >= 9


@pytest.mark.parametrize("words", ["mm-hm", "okay", "हाँ जी", "ठीक है"])
async def test_a_backchannel_does_not_stop_the_reply(call: Call, words: str) -> None:
    await call.caller.say(words)
    turn = await call.turn(1)
    assert not turn.interrupted
    assert turn.agent_response == LONG
    await asyncio.sleep(3)
    assert len(call.turns) == 2
    assert call.model.asked[-1] == QUESTION


async def test_a_backchannel_whose_final_is_late_leaves_no_turn(call: Call) -> None:
    call.recogniser.partial_s = None
    call.recogniser.final_s = 1.5
    await call.caller.say("mm-hm")
    turn = await call.turn(1)
    assert not turn.interrupted
    await asyncio.sleep(3)
    assert len(call.turns) == 2


async def test_a_backchannel_that_becomes_a_sentence_interrupts(call: Call) -> None:
    await call.caller.say("okay but is breakfast included?")
    assert (await call.turn(1)).interrupted
    assert (await call.turn(2)).user_transcript == "okay but is breakfast included?"


async def test_a_voice_that_goes_on_without_words_interrupts(call: Call) -> None:
    call.recogniser.partial_s = None
    await call.caller.say("What does the first one cost?")
    assert (await call.turn(1)).interrupted
    assert (await call.turn(2)).user_transcript == "What does the first one cost?"


async def test_a_second_cough_is_forgiven_like_the_first(call: Call) -> None:
    await call.caller.cough(0.2)
    await asyncio.sleep(1)
    await call.caller.cough(0.2)
    turn = await call.turn(1)
    assert (turn.interrupted, turn.agent_response) == (False, LONG)


async def test_a_cough_whose_final_never_comes_suspends_the_reply_for_little_longer(
    call: Call,
) -> None:
    call.recogniser.loses_finals = True
    await call.caller.cough(0.3)
    turn = await call.turn(1)
    assert (turn.interrupted, turn.agent_response) == (False, LONG)


async def test_the_interrupted_reply_stops_the_model_and_the_voice() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.answers[QUESTION] = Answer(LONG + " And so on." * 200, token_s=0.05)
        await call.caller.say(QUESTION)
        await call.speaking(for_s=1.0)
        assert call.model.n_open == 1
        n_speeches = len(call.voice.speeches)
        await call.caller.say("Stop it now.")
        await call.turn(1)
        await asyncio.sleep(0.01)
        cut = call.voice.speeches[n_speeches - 1]
        assert cut.is_closed
        n_bytes = len(cut.pcm)
        await call.turn(2)
        assert len(cut.pcm) == n_bytes


async def test_yes_near_the_end_of_a_reply_is_an_answer() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.answers[QUESTION] = Answer("Do you want me to book it for you?")
        await call.caller.say(QUESTION)
        await call.speaking(for_s=1.6)
        await call.caller.say("Yes.")
        answered = await call.turn(2)
    assert answered.user_transcript == "Yes."
    assert answered.agent_response == call.model.default.text


async def test_yes_near_the_end_is_an_answer_however_patient_the_endpointing_is() -> None:
    async with Call(Endpointing(min_delay_s=0.6, max_delay_s=1.5)) as call:
        await call.greeted()
        call.model.answers[QUESTION] = Answer("Do you want me to book it for you?")
        await call.caller.say(QUESTION)
        await call.speaking(for_s=1.6)
        await call.caller.say("Yes.")
        answered = await call.turn(2)
    assert answered.user_transcript == "Yes."


async def test_a_reply_cut_before_anybody_heard_it_gives_its_text_back() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say("I want a table for two.", pause_s=0.35)
        await call.speaking()
        await call.caller.say("On the terrace if you can.")
        turn = await call.turn(1)
        await asyncio.sleep(3)
    assert turn.user_transcript == "I want a table for two. On the terrace if you can."
    assert turn.agent_response == call.model.default.text
    assert len(call.turns) == 2
    assert call.model.asked[-1] == turn.user_transcript
    assert turn.caller_audio_s == pytest.approx(6 * 0.3 + 6 * 0.3, abs=0.2)
    assert turn.started_at_ms == pytest.approx(call.turns[0].ended_at_ms + 1000, abs=40)
    assert {one.segment_id for one in call.of(CallerTranscribed)} == {f"{turn.id}-caller"}


async def test_an_answer_after_a_take_back_was_prepared_for_both_halves() -> None:
    async with Call() as call:
        await call.greeted()
        call.recogniser.partial_s = None
        await call.caller.say("I want a table for two.", pause_s=0.35)
        await call.speaking()
        await call.caller.say("Outside.")
        turn = await call.turn(1)
    assert call.model.asked[-1] == "I want a table for two. Outside."
    assert turn.latencies.first_audio_ms is not None
    assert turn.latencies.first_audio_ms <= 450
    assert "Outside." not in call.model.asked


async def test_going_on_before_the_reply_could_start_gives_the_text_back() -> None:
    async with Call() as call:
        await call.greeted()
        call.model.answers["I want a table for two."] = Answer("Too late.", first_token_s=3.0)
        await call.caller.say("I want a table for two.", pause_s=0.8)
        assert call.state is AgentState.THINKING
        await call.caller.say("On the terrace if you can.")
        turn = await call.turn(1)
    assert turn.user_transcript == "I want a table for two. On the terrace if you can."


async def test_the_greeting_cannot_be_taken_back() -> None:
    async with Call() as call:
        await call.speaking()
        await call.caller.say("Hello can you hear me?")
        greeting = await call.turn(0)
        answered = await call.turn(1)
    assert greeting.interrupted
    assert answered.user_transcript == "Hello can you hear me?"


async def test_a_final_that_comes_after_its_partial_was_answered_is_not_answered_again() -> None:
    async with Call() as call:
        await call.greeted()
        call.recogniser.final_s = 3.0
        await call.caller.say("What does the first one cost?")
        turn = await call.turn(1)
        await asyncio.sleep(5)
    assert turn.user_transcript == "What does the first one cost?"
    assert not turn.interrupted
    assert len(call.turns) == 2


async def test_words_that_come_late_open_a_turn_of_their_own(call: Call) -> None:
    call.recogniser.bring(Final("What about breakfast?"))
    assert (await call.turn(1)).interrupted
    turn = await call.turn(2)
    assert turn.user_transcript == "What about breakfast?"
    assert turn.latencies.stt_ms is None
    assert turn.started_at_ms == call.turns[1].ended_at_ms


async def test_a_caller_who_goes_on_after_late_words_is_heard(call: Call) -> None:
    call.recogniser.bring(Final("What about"))
    await asyncio.sleep(0.2)
    await call.caller.say("breakfast in bed?")
    turn = await call.turn(2)
    assert turn.user_transcript == "What about breakfast in bed?"
    assert turn.started_at_ms == call.turns[1].ended_at_ms


async def test_a_partial_that_comes_after_its_turn_was_forgotten_interrupts_nobody(
    call: Call,
) -> None:
    call.recogniser.bring(Partial("What about"), after_s=0.2)
    await asyncio.sleep(0.5)
    await call.caller.cough(0.2)
    assert not (await call.turn(1)).interrupted
