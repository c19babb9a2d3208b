"""What is said and what is recorded are two readings of one text, also where it is cut."""

import asyncio
import re

import pytest

from tests.unit.pipeline.call import APOLOGY, Call
from tests.unit.pipeline.fake_model import Answer
from tests.unit.pipeline.killed import GAP_S, KilledCall

pytestmark = pytest.mark.usefixtures("no_loose_ends")

QUESTION = "How do I reach you on Sunday?"
ANSWER = (
    "**Sure!** Call +91 98765 43210 or write to first_last@example.co.in by 22:15, it is _free_ "
    "for orders over ₹2.5 lakh, such as ORD-48213."
)
WRITTEN = ANSWER.replace("*", "").replace("_free_", "free")
SPOKEN = (
    "Sure! Call plus 9 1, 9 8 7 6 5, 4 3 2 1 0 or write to first underscore last at example dot co "
    "dot in by 10:15 PM, it is free for orders over 2.5 lakh rupees, such as O R D, 4 8 2 1 3."
)


async def test_the_voice_says_one_reading_and_the_record_keeps_the_other() -> None:
    async with Call() as call:
        call.model.answers[QUESTION] = Answer(ANSWER)
        await call.greeted()
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
        await call.caller.say("Thank you, and good bye then.")
        await call.turn(2)
    assert SPOKEN in [" ".join(speech.text.split()) for speech in call.voice.speeches]
    assert turn.agent_response == WRITTEN
    assert call.model.requests[-1][-2].text == WRITTEN


@pytest.mark.parametrize("for_s", [0.6, 1.5, 2.5, 4.0, 6.0, 8.0, 9.5])
async def test_what_was_heard_before_an_interruption_is_recorded_as_written(for_s: float) -> None:
    async with Call() as call:
        call.model.answers[QUESTION] = Answer(ANSWER)
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.speaking(for_s=for_s)
        await call.caller.say("No stop that please.")
        turn = await call.turn(1)
    heard = turn.agent_response.split()
    assert turn.interrupted
    assert heard == WRITTEN.split()[: len(heard)]
    share = turn.agent_audio_s / (len(SPOKEN) / 14)
    assert abs(len(turn.agent_response) / len(WRITTEN) - share) < 0.25


@pytest.mark.parametrize("for_s", [0.6, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0, 8.0, 9.5])
async def test_another_process_goes_on_with_a_number_from_its_beginning(for_s: float) -> None:
    async with KilledCall() as call:
        call.model.answers[QUESTION] = Answer(ANSWER)
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.speaking(for_s=for_s)
        point = call.left(gap_s=GAP_S)
    async with Call(point=point) as successor:
        turn = await successor.turn(0)
        await asyncio.sleep(5)
    assert turn.agent_response == WRITTEN
    rest = " ".join(successor.voice.speeches[0].text.split())
    assert SPOKEN.endswith(rest)
    assert not re.search(r"\d\d\d", rest)


@pytest.mark.parametrize("text", ['```json\n{"a": 1}\n```', "⭐ → ⏰", "<b></b>", "# \n- \n---"])
async def test_an_answer_of_which_nothing_is_said_is_none(text: str) -> None:
    async with Call() as call:
        await call.greeted()
        call.model.answers[QUESTION] = Answer(text)
        await call.caller.say(QUESTION)
        apology = await call.turn(2)
    assert apology.agent_response == APOLOGY
