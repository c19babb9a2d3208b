"""Finals come late, empty, twice or in another form: each word counts once, for its own turn."""

import asyncio

import pytest
import pytest_asyncio

from pipeline.endpointing import Endpointing
from pipeline.events import AgentState, CallerTranscribed
from pipeline.ports import Final, Partial
from tests.unit.pipeline.call import GREETING, Call
from tests.unit.pipeline.fake_model import Answer

pytestmark = pytest.mark.usefixtures("no_loose_ends")

QUESTION = "Is there a table for two"
LONG = "Let me see what we have for you on that evening. " * 5
LATE = Endpointing(early_answers=0)


@pytest_asyncio.fixture(params=[True, False], ids=["utterances told", "not told"])
async def call(request: pytest.FixtureRequest) -> Call:
    """A call whose first question is answered at length."""
    call = Call(LATE)
    call.recogniser.tells_utterances = request.param
    call.model.answers[QUESTION] = Answer(LONG)
    return call


def words(call: Call) -> list[str]:
    return [turn.user_transcript for turn in call.turns]


async def ask_and_lose_the_final(call: Call) -> None:
    """The question is answered from its partial; its final is still to come."""
    await call.greeted()
    call.recogniser.loses_finals = True
    await call.caller.say(QUESTION)
    await call.until(lambda: call.state is AgentState.THINKING)
    call.recogniser.loses_finals = False


def late_final(call: Call, text: str, utterance: int = 1) -> Final:
    return Final(text, utterance=utterance if call.recogniser.tells_utterances else None)


@pytest.mark.parametrize("form", [QUESTION, "is there a table for 2?", "Is there a table for २?"])
@pytest.mark.parametrize("after_s", [0.0, 1.0, 3.0, 30.0])
async def test_a_late_final_in_another_form_changes_nothing(
    call: Call, form: str, after_s: float
) -> None:
    async with call:
        await ask_and_lose_the_final(call)
        await call.speaking(for_s=after_s)
        call.recogniser.bring(late_final(call, form))
        turn = await call.turn(1)
        await asyncio.sleep(2)
    assert (turn.interrupted, turn.agent_response) == (False, LONG.strip())
    assert len(call.turns) == 2
    assert call.model.asked == [QUESTION]


async def test_a_late_final_is_not_taken_for_that_of_the_next_turn(call: Call) -> None:
    async with call:
        await ask_and_lose_the_final(call)
        await call.speaking(for_s=2.0)
        saying = asyncio.create_task(call.caller.say("No wait, make it three please."))
        await asyncio.sleep(0.7)
        call.recogniser.bring(late_final(call, "Is there a table for 2?"))
        await saying
        turn = await call.turn(2)
    assert turn.user_transcript == "No wait, make it three please."
    assert turn.latencies.stt_ms is not None


async def test_a_misheard_question_is_asked_again_before_much_was_heard(call: Call) -> None:
    async with call:
        await ask_and_lose_the_final(call)
        await call.speaking(for_s=1.0)
        call.recogniser.bring(late_final(call, "Is there a table for ten?"))
        turn = await call.turn(2)
    assert call.turns[1].interrupted
    assert turn.user_transcript == "Is there a table for ten?"
    assert call.model.asked == [QUESTION, "Is there a table for ten?"]


async def test_a_misheard_question_of_which_no_answer_was_heard_is_one_turn(call: Call) -> None:
    async with call:
        await ask_and_lose_the_final(call)
        await call.speaking(for_s=0.1)
        call.recogniser.bring(late_final(call, "Is there a table for ten?"))
        turn = await call.turn(1)
    assert turn.user_transcript == "Is there a table for ten?"
    assert turn.agent_response == call.model.default.text
    assert len(call.turns) == 2


async def test_an_answer_that_was_long_heard_is_not_cut_for_a_misheard_word(call: Call) -> None:
    async with call:
        await ask_and_lose_the_final(call)
        await call.speaking(for_s=4.0)
        call.recogniser.bring(late_final(call, "Is there a table for ten?"))
        turn = await call.turn(1)
    assert (turn.interrupted, turn.agent_response) == (False, LONG.strip())
    assert turn.user_transcript == "Is there a table for ten?"
    finals = [one.text for one in call.of(CallerTranscribed) if one.is_final]
    assert finals == [QUESTION]


@pytest.mark.parametrize("after_s", [0.1, 1.0, 4.0, 25.0])
async def test_words_that_the_partial_lacked_are_answered_as_well(
    call: Call, after_s: float
) -> None:
    async with call:
        await ask_and_lose_the_final(call)
        await call.speaking(for_s=after_s)
        call.recogniser.bring(late_final(call, "Is there a table for 2 on the terrace?"))
        await call.until(lambda: "terrace" in call.turns[-1].user_transcript)
        await asyncio.sleep(2)
    said = " ".join(words(call)).strip()
    assert said in (f"{QUESTION} on the terrace?", "Is there a table for 2 on the terrace?")
    assert call.turns[-1].agent_response == call.model.default.text


@pytest.mark.parametrize("after_s", [0.0, 0.1, 1.0, 4.0, 30.0])
async def test_the_same_final_twice_is_said_once(call: Call, after_s: float) -> None:
    async with call:
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.speaking(for_s=after_s)
        call.recogniser.bring(late_final(call, "Is there a table for 2?"))
        turn = await call.turn(1)
        await asyncio.sleep(2)
    assert words(call) == ["", QUESTION]
    assert not turn.interrupted


@pytest.mark.parametrize("gives_partials", [True, False])
async def test_a_final_that_comes_twice_in_its_pause_is_said_once(
    call: Call, gives_partials: bool
) -> None:
    async with call:
        call.recogniser.partial_s = 0.05 if gives_partials else None
        await call.greeted()
        await call.caller.say("I would like to", pause_s=0.2)
        call.recogniser.bring(late_final(call, "I would like to."))
        await asyncio.sleep(0.2)
        call.recogniser.bring(late_final(call, "I would like to"))
        await call.caller.say("book a table.")
        turn = await call.turn(1)
    assert turn.user_transcript == "I would like to book a table."


async def test_a_caller_who_says_the_same_again_is_answered_again(call: Call) -> None:
    async with call:
        await call.greeted()
        for _ in range(3):
            await call.caller.say("Yes.")
            await call.until(lambda: call.turns[-1].user_transcript == "Yes.")
            await asyncio.sleep(4)
    assert words(call) == ["", "Yes.", "Yes.", "Yes."]


async def test_a_repeated_word_is_not_waited_for_after_a_lost_final(call: Call) -> None:
    async with call:
        await call.greeted()
        call.recogniser.loses_finals = True
        await call.caller.say("Yes.")
        await call.turn(1)
        await asyncio.sleep(1)
        call.recogniser.loses_finals = False
        await call.caller.say("Yes.")
        turn = await call.turn(2)
    assert turn.latencies.eou_delay_ms is not None
    assert turn.latencies.eou_delay_ms <= 400


async def test_words_that_were_shown_are_the_turn_when_their_final_is_empty(call: Call) -> None:
    async with call:
        await call.greeted()
        call.recogniser.loses_finals = True
        await call.caller.say(QUESTION)
        call.recogniser.bring(late_final(call, ""), after_s=0.15)
        turn = await call.turn(1)
    assert (turn.user_transcript, turn.agent_response) == (QUESTION, LONG.strip())
    assert turn.latencies.eou_delay_ms is not None
    assert turn.latencies.eou_delay_ms <= 400


@pytest.mark.parametrize("second", ["and a parking space.", "Is that all right?"])
async def test_an_empty_final_inside_a_turn_loses_no_words(call: Call, second: str) -> None:
    async with call:
        await call.greeted()
        call.recogniser.loses_finals = True
        await call.caller.say("I would like to", pause_s=0.2)
        call.recogniser.bring(late_final(call, ""))
        call.recogniser.loses_finals = False
        await call.caller.say(second)
        turn = await call.turn(1)
    assert turn.user_transcript == f"I would like to {second}"


async def test_a_typed_message_leaves_nothing_of_the_words_that_it_replaced(call: Call) -> None:
    async with call:
        await call.greeted()
        await call.caller.say("I would like to")
        call.conversation.hear_text("What are your opening hours?")
        call.recogniser.bring(late_final(call, "I would like to order"), after_s=0.5)
        await call.turn(1)
        await asyncio.sleep(3)
    assert words(call) == ["", "What are your opening hours?"]


async def test_a_final_of_the_question_does_not_stop_the_farewell(call: Call) -> None:
    async with call:
        call.model.default = Answer("Goodbye then, and thank you!", calls=(("end_call", "{}"),))
        await call.greeted()
        await call.caller.say("That is all.")
        await call.speaking(for_s=0.5)
        call.recogniser.bring(late_final(call, "That is all."))
        await call.ending()
    assert words(call) == ["", "That is all."]


async def test_a_final_that_comes_during_the_greeting_without_a_sound_is_answered() -> None:
    async with Call() as call:
        await call.speaking(for_s=0.5)
        call.recogniser.bring(Final("Hello?"))
        turn = await call.turn(1)
    assert (turn.user_transcript, call.turns[0].interrupted) == ("Hello?", True)
    assert GREETING.startswith(call.turns[0].agent_response)


async def test_a_partial_that_comes_after_its_final_adds_nothing(call: Call) -> None:
    async with call:
        await call.greeted()
        await call.caller.say(QUESTION, pause_s=0.16)
        partial = "is there a table" if call.recogniser.tells_utterances else QUESTION
        call.recogniser.bring(Partial(partial, late_final(call, "").utterance))
        turn = await call.turn(1)
    assert turn.user_transcript == QUESTION


async def test_words_recorded_at_a_hang_up_are_not_said_again_by_their_late_final(
    call: Call,
) -> None:
    async with call:
        await call.greeted()
        call.recogniser.loses_finals = True
        await call.caller.say("I would like to")
        await call.conversation.caller_left()
        call.recogniser.bring(late_final(call, "I'd like to."))
        call.recogniser.bring(late_final(call, "I would like to."))
        await asyncio.sleep(3)
    assert words(call) == ["", "I would like to"]
