"""A process died, or handed over: its successor goes on with the conversation."""

import asyncio
from dataclasses import replace

import pytest

from pipeline.events import AgentTranscribed, CallerTranscribed
from pipeline.ports import Message
from pipeline.resumption import ResumePoint
from pipeline.snapshot import Snapshot
from tests.unit.pipeline.call import BACK, GREETING, Call
from tests.unit.pipeline.fake_model import Answer
from tests.unit.pipeline.killed import (
    ANSWER,
    GAP_S,
    NEXT,
    QUESTION,
    KilledCall,
    killed,
    killed_after_the_answer,
    killed_in_the_answer,
)

pytestmark = pytest.mark.usefixtures("no_loose_ends")


async def test_nothing_is_owed_and_the_caller_is_told_that_the_agent_is_back() -> None:
    async with Call(point=await killed_after_the_answer()) as call:
        back = await call.turn(0)
    assert (back.turn_index, back.user_transcript, back.agent_response) == (2, "", BACK)


async def test_nothing_is_said_after_a_planned_hand_over_in_a_pause() -> None:
    point = replace(await killed_after_the_answer(), is_planned=True)
    async with Call(point=point) as call:
        await asyncio.sleep(10)
        assert call.told_words == []
        await call.caller.say(NEXT)
        turn = await call.turn(0)
    assert (turn.turn_index, turn.user_transcript) == (2, NEXT)


@pytest.mark.parametrize("is_planned", [False, True])
async def test_what_was_typed_before_it_goes_on_is_answered_after_what_is_owed(
    is_planned: bool,
) -> None:
    call = Call(point=replace(await killed_after_the_answer(), is_planned=is_planned))
    call.conversation.hear_text(NEXT)
    async with call:
        await asyncio.sleep(10)
    said = [one.user_transcript for one in call.turns]
    assert said == ([NEXT] if is_planned else ["", NEXT])


async def test_the_model_is_told_what_was_said_before_the_death() -> None:
    async with Call(point=await killed_after_the_answer()) as call:
        await call.turn(0)
        await asyncio.sleep(1.0)
        await call.caller.say(NEXT)
        await call.turn(1)
    assert call.model.requests[-1] == [
        Message("system", "Be brief."),
        Message("assistant", GREETING),
        Message("user", QUESTION),
        Message("assistant", ANSWER),
        Message("assistant", BACK),
        Message("user", NEXT),
    ]


async def test_offsets_count_from_the_sessions_start() -> None:
    point = await killed_after_the_answer()
    async with Call(point=point) as call:
        back = await call.turn(0)
    assert back.started_at_ms == round(1000 * point.elapsed_s)
    assert back.ended_at_ms > back.started_at_ms


@pytest.mark.parametrize("for_s", [0.4, 1.0, 2.0, 4.5])
async def test_the_rest_of_an_answer_is_spoken_from_the_word_reached(for_s: float) -> None:
    point = await killed_in_the_answer(for_s)
    left = point.at_hand
    assert left is not None
    async with Call(point=point) as call:
        turn = await call.turn(0)
        await asyncio.sleep(5)
    assert turn.id == left.id
    assert (turn.turn_index, turn.user_transcript) == (1, QUESTION)
    assert turn.agent_response == ANSWER
    assert call.voice.speeches[0].text.strip() == left.rest
    assert call.model.requests == []
    assert len(call.turns) == 1, "no other line is said"


async def test_an_answer_that_was_hardly_heard_is_spoken_whole() -> None:
    async with Call(point=await killed_in_the_answer(0.2)) as call:
        turn = await call.turn(0)
    assert turn.agent_response == call.voice.speeches[0].text.strip() == ANSWER


async def test_the_resumed_exchange_keeps_its_times_and_is_announced_once() -> None:
    point = await killed_in_the_answer(2.0)
    left = point.at_hand
    assert left is not None
    async with Call(point=point) as call:
        turn = await call.turn(0)
    assert turn.started_at_ms == left.started_at_ms
    assert turn.caller_audio_s == left.caller_audio_s
    assert turn.latencies.first_audio_ms is not None
    assert turn.latencies.first_audio_ms < 500
    assert turn.latencies.first_token_ms == 100
    assert turn.latencies.total_ms is not None
    assert turn.latencies.total_ms > 1000 * GAP_S
    assert turn.agent_audio_s > left.played_s + 2
    assert call.of(CallerTranscribed) == []
    shown = [one.text for one in call.of(AgentTranscribed)]
    assert all(one.startswith(left.heard) for one in shown)
    assert shown[-1] == ANSWER


async def test_the_rest_can_be_interrupted_and_what_was_heard_is_recorded() -> None:
    point = await killed_in_the_answer(2.0)
    left = point.at_hand
    assert left is not None
    async with Call(point=point) as call:
        await call.speaking(for_s=0.8)
        await call.caller.say("No wait, on Monday?")
        cut = await call.turn(0)
        answer = await call.turn(1)
    assert cut.interrupted
    assert ANSWER.startswith(cut.agent_response)
    assert len(cut.agent_response) > len(left.heard)
    assert answer.user_transcript == "No wait, on Monday?"


async def test_an_interruption_before_the_rest_begins_keeps_the_words_heard_before() -> None:
    point = await killed_in_the_answer(2.0)
    left = point.at_hand
    assert left is not None
    async with Call(point=point) as call:
        call.voice.ttfb_s = 3.0
        await call.caller.say("No wait, on Monday?")
        cut = await call.turn(0)
        await call.turn(1)
    assert (cut.id, cut.agent_response, cut.interrupted) == (left.id, left.heard, True)


async def test_a_question_without_an_answer_is_answered_under_its_id() -> None:
    async with killed() as dead:
        dead.model.answers[QUESTION] = Answer(ANSWER, first_token_s=3.0)
        await dead.greeted()
        await dead.caller.say(QUESTION)
        await asyncio.sleep(1.0)
        point = dead.left()
    left = point.at_hand
    assert left is not None
    async with Call(point=point) as call:
        turn = await call.turn(0)
        await asyncio.sleep(5)
    assert call.model.asked == [QUESTION]
    assert (turn.id, turn.user_transcript) == (left.id, QUESTION)
    assert turn.agent_response == call.model.default.text
    assert turn.latencies.first_token_ms == 100
    assert [one.text for one in call.of(CallerTranscribed) if one.is_final] == [QUESTION]
    assert len(call.turns) == 1


async def killed_in_the_making(answer: str) -> tuple[ResumePoint, str]:
    """The model was still at it, and something was heard already."""
    async with killed() as dead:
        dead.model.answers[QUESTION] = Answer(answer, token_s=0.5)
        await dead.greeted()
        await dead.caller.say(QUESTION)
        await dead.speaking(for_s=1.2)
        point = dead.left()
    left = point.at_hand
    assert left is not None
    assert left.heard
    assert not left.is_whole
    return point, left.heard


async def test_an_answer_that_was_not_made_to_its_end_is_asked_for_again() -> None:
    point, heard = await killed_in_the_making(f"Well, let me see then. {ANSWER}")
    async with Call(point=point) as call:
        turn = await call.turn(0)
    assert turn.agent_response == f"{heard} {call.model.default.text}"


async def test_what_the_second_answer_repeats_of_the_first_is_not_said_again() -> None:
    answer = f"Well, let me see then. {ANSWER}"
    point, heard = await killed_in_the_making(answer)
    call = Call(point=point)
    call.model.answers[QUESTION] = Answer(answer)
    async with call:
        turn = await call.turn(0)
    assert turn.agent_response == answer
    assert call.voice.speeches[0].text.strip() == answer.removeprefix(heard).strip()


async def test_a_second_answer_that_has_nothing_new_is_no_failure() -> None:
    point, heard = await killed_in_the_making("Well, let me see then. And so on.")
    call = Call(point=point)
    call.model.answers[QUESTION] = Answer(heard)
    async with call:
        turn = await call.turn(0)
        await asyncio.sleep(5)
    assert turn.agent_response == heard
    assert len(call.turns) == 1, "no apology"


async def test_words_that_were_not_decided_are_a_turn_without_an_answer() -> None:
    async with killed() as dead:
        await dead.greeted()
        asking = asyncio.create_task(dead.caller.say(QUESTION))
        await asyncio.sleep(1.0)
        point = dead.left()
        await asking
    left = point.snapshot.open_turn
    assert left is not None
    async with Call(point=point) as call:
        await call.turn(1)
        await asyncio.sleep(1.0)
        await call.caller.say(NEXT)
        await call.turn(2)
    words, back, _ = call.turns
    assert (words.id, words.turn_index) == (left.id, 1)
    assert (words.user_transcript, words.agent_response) == ("What are your", "")
    assert words.started_at_ms == left.started_at_ms
    assert words.ended_at_ms == point.snapshot.taken_at_ms
    assert back.agent_response == BACK
    assert Message("user", "What are your") in call.model.requests[-1]


async def test_a_greeting_is_said_to_its_end() -> None:
    async with KilledCall() as dead:
        await dead.speaking(for_s=1.0)
        point = dead.left()
    async with Call(point=point) as call:
        turn = await call.turn(0)
        await asyncio.sleep(5)
    assert (turn.turn_index, turn.agent_response) == (0, GREETING)
    assert call.voice.speeches[0].text.strip() == "the front desk. How can I help you?"


async def test_a_session_of_which_nothing_is_known_begins_with_the_greeting() -> None:
    async with Call(point=ResumePoint(Snapshot.from_json("?"), [], 3.0)) as call:
        turn = await call.turn(0)
    assert (turn.turn_index, turn.agent_response) == (0, GREETING)


async def test_what_is_recorded_is_not_said_again_after_an_old_snapshot() -> None:
    async with killed() as dead:
        await dead.greeted()
        await dead.caller.say(QUESTION)
        await dead.speaking(for_s=1.0)
        old = dead.left().snapshot
        await dead.turn(1)
        point = replace(dead.left(), snapshot=old)
    async with Call(point=point) as call:
        back = await call.turn(0)
    assert (back.turn_index, back.agent_response) == (2, BACK)
