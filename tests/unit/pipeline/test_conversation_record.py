"""What a turn's record tells beside the words: what was called, and what came of it."""

import pytest

from pipeline.events import TurnEnded
from tests.unit.pipeline.call import Call
from tests.unit.pipeline.fake_model import Answer
from tests.unit.pipeline.fake_toolbox import BOOK

pytestmark = pytest.mark.usefixtures("no_loose_ends")

QUESTION = "Please book a table for two."
BOOKED = "booked for eight"


def booking(name: str = "book_table", arguments: str = '{"people": 2}') -> Call:
    """A call whose first question makes the model call that."""
    call = Call(tools=(BOOK,))
    call.toolbox.takes_s = 0.7
    call.toolbox.results = {"book_table": BOOKED}
    call.model.answers[QUESTION] = Answer("", calls=((name, arguments),))
    call.model.answers[BOOKED] = Answer("It is booked.")
    return call


async def asked(call: Call) -> TurnEnded:
    await call.greeted()
    await call.caller.say(QUESTION)
    return await call.turn(1)


async def test_a_call_is_recorded_with_its_outcome_and_when_it_was_made() -> None:
    async with booking() as call:
        turn = await asked(call)

    assert turn.tool_rounds is not None
    ((made,),) = turn.tool_rounds
    assert (made["outcome"], made["duration_ms"]) == ("succeeded", 700)
    assert turn.moments.llm_requested_at_ms is not None
    assert turn.moments.llm_requested_at_ms < made["began_at_ms"] < turn.ended_at_ms
    assert "is_cut" not in made


@pytest.mark.parametrize(
    ("name", "arguments", "outcome"),
    [("book_room", "{}", "unknown_tool"), ("book_table", "[2]", "refused")],
)
async def test_a_call_that_was_not_made_is_recorded_as_that(
    name: str, arguments: str, outcome: str
) -> None:
    async with booking(name, arguments) as call:
        turn = await asked(call)

    assert turn.tool_rounds is not None
    assert [one["outcome"] for made in turn.tool_rounds for one in made][:1] == [outcome]


async def test_a_tool_that_breaks_is_recorded_as_failed() -> None:
    async with booking() as call:
        call.toolbox.is_broken = True
        turn = await asked(call)

    assert turn.tool_rounds is not None
    assert turn.tool_rounds[0][0]["outcome"] == "failed"


async def test_a_call_that_was_cut_off_has_no_outcome() -> None:
    async with booking() as call:
        call.toolbox.takes_s = 60
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.toolbox.began.wait()
        await call.caller.say("Wait, no, forget about that.")
        turn = await call.turn(1)

    assert turn.tool_rounds is not None
    ((made,),) = turn.tool_rounds
    assert (made["outcome"], made["duration_ms"], made["result"]) == (None, None, None)


async def test_a_farewell_is_recorded_as_a_call() -> None:
    async with booking("end_call", "{}") as call:
        turn = await asked(call)

    assert turn.tool_rounds is not None
    ((made,),) = turn.tool_rounds
    assert (made["name"], made["outcome"]) == ("end_call", "succeeded")
