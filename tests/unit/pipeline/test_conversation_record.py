"""What a turn's record tells beside the words: what was called, who served, what went wrong."""

import asyncio

import pytest

from pipeline.events import TurnEnded
from pipeline.faults import MAX_FAULTS, FaultKind
from pipeline.resumption import ResumePoint
from tests.unit.pipeline.call import Call
from tests.unit.pipeline.fake_model import REFUSAL, Answer
from tests.unit.pipeline.fake_toolbox import BOOK
from tests.unit.pipeline.killed import KilledCall, killed, killed_in_the_answer

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


def kinds(turn: TurnEnded) -> list[str]:
    return [one["kind"] for one in turn.faults or ()]


async def test_an_answer_that_was_held_for_a_cough_says_when_and_for_how_long() -> None:
    async with Call() as call:
        await call.greeted()
        await call.caller.say("What are your opening hours?")
        await call.speaking(for_s=0.5)
        await call.caller.cough(0.3)
        turn = await call.turn(1)

    assert turn.faults is not None
    (held,) = turn.faults
    assert held["kind"] == "answer_held"
    assert turn.started_at_ms < held["at_ms"] < turn.ended_at_ms
    assert 0 < held["duration_ms"] < 1000
    assert call.turns[0].faults is None, "nothing befell the greeting"


async def test_an_answer_that_never_came_says_why() -> None:
    async with Call() as call:
        call.model.answers[QUESTION] = REFUSAL
        turn = await asked(call)

    assert turn.faults is not None
    assert [(one["kind"], one["provider"]) for one in turn.faults] == [("answer_broken", "model")]


async def test_a_caller_who_was_away_is_told_with_the_next_turn() -> None:
    async with Call() as call:
        await call.greeted()
        await call.conversation.caller_left()
        await asyncio.sleep(3.0)
        call.conversation.caller_back()
        await call.caller.say(QUESTION)
        turn = await call.turn(1)

    assert turn.faults is not None
    assert [(one["kind"], one["duration_ms"]) for one in turn.faults] == [("caller_away", 3000)]


async def test_a_turn_that_outlived_its_worker_says_so() -> None:
    point = await killed_in_the_answer(1.0)
    async with Call(point=point) as call:
        turn = await call.turn(0)

    assert turn.faults is not None
    (lost,) = turn.faults
    assert lost["kind"] == "worker_lost"
    assert lost["at_ms"] == point.snapshot.taken_at_ms
    assert lost["duration_ms"] == pytest.approx(4000, abs=1)


async def test_what_went_wrong_before_a_worker_died_is_told_by_the_next_one() -> None:
    async with killed() as call:
        await greeted_with_a_fault(call)
        point = call.left()
    async with Call(point=point) as call:
        turn = await call.turn(0)

    assert kinds(turn) == ["passages_missed", "worker_lost"]


async def test_what_a_turn_has_told_already_is_not_told_again() -> None:
    async with killed() as call:
        await greeted_with_a_fault(call)
        older = call.left().snapshot
        await call.caller.say("And on Monday please?")
        await call.turn(1)
        left = call.left()
    point = ResumePoint(older, left.past, left.elapsed_s)
    async with Call(point=point) as call:
        turn = await call.turn(0)

    assert kinds(turn) == ["worker_lost"]


async def greeted_with_a_fault(call: KilledCall) -> None:
    await call.greeted()
    call.conversation._floor.faults.add(FaultKind.PASSAGES_MISSED, reason="late")


async def test_more_faults_than_are_kept_are_counted() -> None:
    async with Call() as call:
        await call.greeted()
        for _ in range(MAX_FAULTS + 7):
            call.conversation._floor.faults.add(FaultKind.MODEL_LATE, provider="x" * 1000)
        turn = await asked_again(call)

    assert turn.faults is not None
    assert len(turn.faults) == MAX_FAULTS + 1
    assert (turn.faults[-1]["kind"], turn.faults[-1]["reason"]) == ("more", "7 more")
    assert len(turn.faults[0]["provider"]) == 200


async def asked_again(call: Call) -> TurnEnded:
    await call.caller.say(QUESTION)
    return await call.turn(1)
