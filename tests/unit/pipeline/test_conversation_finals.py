"""Finals come late, empty, twice or in another form: each word counts once, for its own turn."""

import asyncio

import pytest
import pytest_asyncio

from pipeline.endpointing import Endpointing
from pipeline.ports import Final, Partial
from tests.unit.pipeline.call import Call
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


def late_final(call: Call, text: str, utterance: int = 1) -> Final:
    return Final(text, utterance=utterance if call.recogniser.tells_utterances else None)


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


async def test_words_that_were_shown_are_the_turn_when_their_final_is_empty(call: Call) -> None:
    async with call:
        await call.greeted()
        call.recogniser.loses_finals = True
        await call.caller.say(QUESTION)
        call.recogniser.bring(late_final(call, ""), after_s=0.15)
        turn = await call.turn(1)
    assert (turn.user_transcript, turn.agent_response) == (QUESTION, LONG.strip())
    assert turn.latencies.eou_delay_ms is not None
    assert turn.latencies.eou_delay_ms <= 300


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


async def test_a_partial_that_comes_after_its_final_adds_nothing(call: Call) -> None:
    async with call:
        await call.greeted()
        await call.caller.say(QUESTION, pause_s=0.16)
        partial = "is there a table" if call.recogniser.tells_utterances else QUESTION
        call.recogniser.bring(Partial(partial, late_final(call, "").utterance))
        turn = await call.turn(1)
    assert turn.user_transcript == QUESTION
