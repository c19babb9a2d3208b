"""A "hmm" ahead of answers that are late: when it is said, and that it is no part of them."""

import asyncio

import pytest

from pipeline.events import AgentTranscribed
from pipeline.ports import Message
from tests.unit.pipeline.call import GREETING, HMM, STILL_THERE, Call
from tests.unit.pipeline.fake_model import Answer

pytestmark = pytest.mark.usefixtures("no_loose_ends")

AFTER_S = 0.6
QUESTION = "Where is the shop?"
ANSWER = "It is behind the station, on the left."
SLOW_S = 2.0


def acknowledging(first_token_s: float = SLOW_S) -> Call:
    """A call in which the model takes its time."""
    call = Call(acknowledge_after_s=AFTER_S)
    call.model.default = Answer(ANSWER, first_token_s=first_token_s)
    return call


def said(call: Call) -> list[int | None]:
    """When it was said in each turn but the greeting."""
    return [turn.acknowledged_ms for turn in call.turns[1:]]


async def ask(call: Call, *questions: str) -> None:
    """One after the other, each once the one before is answered."""
    for question in questions:
        n_turns = len(call.turns)
        await call.caller.say(question)
        await call.turn(n_turns)
        await asyncio.sleep(1.0)


async def test_a_late_answer_is_preceded_by_it_and_has_no_part_of_it() -> None:
    async with acknowledging() as call:
        await call.greeted()
        await ask(call, QUESTION, "And then?")
        turn = call.turns[1]
        assert turn.acknowledged_ms == pytest.approx(1000 * AFTER_S, abs=40)
        assert turn.latencies.first_audio_ms is not None
        assert turn.latencies.first_audio_ms > 1000 * (SLOW_S - AFTER_S)
        assert turn.agent_response == ANSWER
        assert HMM not in [event.text for event in call.of(AgentTranscribed)]
        assert Message("assistant", ANSWER) in call.model.requests[-1]
        assert not [one for one in call.model.requests[-1] if HMM in one.text]


async def test_the_state_stays_as_it_is_while_it_sounds() -> None:
    async with acknowledging() as call:
        await call.greeted()
        await call.caller.say(QUESTION, pause_s=AFTER_S + 0.1)
        assert call.playout.queued_s > 0
        assert call.state == "thinking"


async def test_an_answer_that_is_in_time_is_not_preceded_by_it() -> None:
    async with acknowledging(first_token_s=0.2) as call:
        await call.greeted()
        await ask(call, QUESTION)
        assert said(call) == [None]


@pytest.mark.parametrize(("ttfb_s", "is_said"), [(0.35, False), (1.0, True)])
async def test_an_answer_that_the_voice_has_is_waited_for_but_not_for_long(
    ttfb_s: float, is_said: bool
) -> None:
    async with acknowledging(first_token_s=0.4) as call:
        await call.greeted()
        call.voice.ttfb_s = ttfb_s
        await ask(call, QUESTION)
        first_audio_ms = call.turns[1].latencies.first_audio_ms
        assert first_audio_ms is not None
        assert first_audio_ms > 1000 * AFTER_S, "it is late"
        assert [one is not None for one in said(call)] == [is_said]


async def test_it_is_not_said_in_two_turns_in_a_row() -> None:
    async with acknowledging() as call:
        await call.greeted()
        await ask(call, *(f"{QUESTION} And {n}?" for n in range(4)))
        assert [one is not None for one in said(call)] == [True, False, True, False]


async def test_neither_typed_words_nor_lines_of_ours_are_acknowledged() -> None:
    call = Call(acknowledge_after_s=AFTER_S, idle_prompt_s=5.0)
    call.model.default = Answer(ANSWER, first_token_s=SLOW_S)
    async with call:
        await call.greeted()
        call.conversation.hear_text(QUESTION)
        await call.turn(2)
        assert [turn.agent_response for turn in call.turns] == [GREETING, ANSWER, STILL_THERE]
        assert said(call) == [None, None]


async def test_words_over_it_are_a_barge_in_and_one_turn_with_those_before() -> None:
    async with acknowledging() as call:
        await call.greeted()
        await call.caller.say(QUESTION, pause_s=AFTER_S + 0.05)
        assert call.playout.queued_s > 0, "it sounds"
        await call.caller.say("And when is it open?")
        assert call.playout.last_left_at < call.caller.spoke_until - 1.0
        turn = await call.turn(1)
        assert turn.user_transcript == f"{QUESTION} And when is it open?"
        assert turn.agent_response == ANSWER
        assert turn.acknowledged_ms is None, "not twice in one turn"


async def test_a_cough_ends_it_for_good_and_the_answer_comes() -> None:
    async with acknowledging() as call:
        await call.greeted()
        await call.caller.say(QUESTION, pause_s=AFTER_S + 0.05)
        await call.caller.cough(0.3)
        turn = await call.turn(1)
        assert turn.agent_response == ANSWER
        assert not turn.interrupted
        hmm = bytes(call.voice.speeches[1].pcm)
        assert call.voice.speeches[1].text == HMM
        assert hmm not in bytes(call.playout.left)
        assert hmm[:1000] in bytes(call.playout.left)


async def test_it_is_not_said_over_a_caller_who_makes_a_sound() -> None:
    async with acknowledging() as call:
        await call.greeted()
        await call.caller.say(QUESTION, pause_s=AFTER_S - 0.1)
        await call.caller.cough(0.3)
        await call.turn(1)
        assert said(call) == [None]


async def test_it_is_not_said_where_a_caller_who_does_not_stop_is_answered() -> None:
    async with acknowledging() as call:
        await call.greeted()
        talking = asyncio.create_task(call.caller.say("there is rain in the north too " * 30))
        await call.turn(1)
        talking.cancel()
        assert call.turns[1].agent_response == ANSWER
        assert said(call) == [None]


async def test_it_is_made_once_while_the_greeting_is_played_and_charged() -> None:
    async with acknowledging() as call:
        await call.turn(0)
        assert [speech.text for speech in call.voice.speeches] == [f"{GREETING} ", HMM]
        assert call.meter.peek().characters == call.turns[0].used.characters + len(HMM)
        await asyncio.sleep(1.0)
        await ask(call, QUESTION)
        assert [speech.text.strip() for speech in call.voice.speeches[2:]] == [ANSWER]


async def test_a_sound_that_would_hold_answers_up_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipeline.acknowledgement.LONGEST_S", 0.1)
    async with acknowledging() as call:
        await call.greeted()
        await ask(call, QUESTION)
        assert said(call) == [None]


async def test_where_it_has_no_sound_nothing_is_said() -> None:
    async with acknowledging() as call:
        await call.speaking()
        call.voice.is_broken = True
        await call.greeted()
        call.voice.is_broken = False
        await ask(call, QUESTION)
        assert said(call) == [None]


async def test_it_is_not_said_in_a_voice_that_is_no_longer_the_agents() -> None:
    async with acknowledging() as call:
        await call.greeted()
        call.voice.manner = "another"
        await ask(call, QUESTION)
        assert said(call) == [None]


async def test_unless_it_is_wanted_it_is_not_even_made() -> None:
    async with Call() as call:
        call.model.default = Answer(ANSWER, first_token_s=SLOW_S)
        await call.greeted()
        await ask(call, QUESTION)
        assert said(call) == [None]
        assert len(call.voice.speeches) == 2
