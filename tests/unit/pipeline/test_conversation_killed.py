"""Wherever in a conversation its process dies, its successor goes on as if it had not.

One conversation with all that happens in conversations is killed at many moments. Whatever the
moment: each thing is said once, each question answered, each tool called once, and it ends once.
"""

import asyncio
from dataclasses import dataclass

import pytest

from pipeline.events import Ending, TurnEnded
from pipeline.history import OUTCOME_UNKNOWN
from pipeline.resumption import ResumePoint
from tests.unit.pipeline.call import BACK, GREETING, Call
from tests.unit.pipeline.fake_model import Answer
from tests.unit.pipeline.fake_toolbox import BOOK
from tests.unit.pipeline.killed import KilledCall

pytestmark = pytest.mark.usefixtures("no_loose_ends")

HOURS = "What are your opening hours on Sunday?"
BOOKING = "Please book a table for two."
WAIT_A_MOMENT = "No wait, is it quiet there?"
TYPED = "vaarta@example.com"
BOOKED = "booked for eight"
BYE = "That is all, goodbye."
NEXT = "And on Monday please?"

ANSWERS = {
    HOURS: Answer("On Sunday we are open from nine until six. The kitchen closes at five."),
    BOOKING: Answer("Sure, let me book that.", calls=(("book_table", "{}"),)),
    BOOKED: Answer("Your table for two is booked for eight tonight.", first_token_s=0.8),
    WAIT_A_MOMENT: Answer("Yes, it is very quiet here in the evening."),
    TYPED: Answer("Thank you, I have noted the address.", token_s=0.3),
    BYE: Answer("Thank you for calling, and have a nice day!", calls=(("end_call", "{}"),)),
    NEXT: Answer("On Monday we are closed."),
    OUTCOME_UNKNOWN: Answer("I cannot tell whether it is booked."),
}
SPOKEN = {
    "": (GREETING, BACK),
    BOOKING: tuple(
        f"Sure, let me book that. {ANSWERS[one].text}" for one in (BOOKED, OUTCOME_UNKNOWN)
    ),
    **{asked: (ANSWERS[asked].text,) for asked in (HOURS, WAIT_A_MOMENT, TYPED, BYE, NEXT)},
}
"""What may be the whole reply."""


MOMENTS = [round(0.03 + 1.63 * step, 2) for step in range(25)]
"""Up to its end after 39.3 s."""


def prepared(call: Call) -> None:
    call.model.answers = dict(ANSWERS)
    call.toolbox.results = {"book_table": BOOKED}
    call.toolbox.takes_s = 0.7


async def converse(call: Call) -> None:
    """All that happens, on the caller's side; 50 s of it."""
    await call.greeted()
    await call.caller.say(HOURS)
    await call.speaking(for_s=1.0)
    await call.caller.cough(0.2)
    await call.turn(1)
    await call.caller.say(BOOKING)
    await call.turn(2)
    await call.caller.say(HOURS)
    await call.speaking(for_s=1.5)
    await call.caller.say(WAIT_A_MOMENT)
    await call.turn(4)
    await asyncio.sleep(0.5)
    call.conversation.hear_text(TYPED)
    await call.turn(5)
    await call.caller.say("That is all,", pause_s=0.4)
    await call.caller.say("goodbye.")
    await asyncio.sleep(30)


@dataclass(frozen=True, slots=True)
class Killed:
    """What a holder left, and all that it had told and done."""

    point: ResumePoint
    turns: list[TurnEnded]
    n_booked: int


async def killed(at_s: float, *, is_planned: bool) -> Killed:
    holder = KilledCall(tools=(BOOK,))
    prepared(holder)
    async with holder:
        conversing = asyncio.create_task(converse(holder))
        await asyncio.sleep(at_s)
        left = Killed(
            holder.left(is_planned=is_planned), list(holder.turns), len(holder.toolbox.ran)
        )
        conversing.cancel()
        await asyncio.wait([conversing])
    return left


async def taken_up(point: ResumePoint) -> tuple[Call, Ending]:
    """What its successor makes of it: the caller asks one thing more and says goodbye."""
    call = Call(tools=(BOOK,), point=point)
    prepared(call)
    async with call:
        going_on = asyncio.create_task(go_on(call))
        ending = await call.ending()
        going_on.cancel()
        await asyncio.wait([going_on])
    return call, ending


async def go_on(call: Call) -> None:
    """Let the agent say what it owes, then talk."""
    await asyncio.sleep(0.1)
    for sentence in (NEXT, BYE):
        await call.conversation.quiet()
        await call.caller.say(sentence)
        await asyncio.sleep(1.5)


def check_numbers(turns: list[TurnEnded]) -> None:
    assert [turn.turn_index for turn in turns] == list(range(len(turns)))
    assert len({turn.id for turn in turns}) == len(turns)


def check_replies(turns: list[TurnEnded]) -> None:
    """Each is what the model made of it, every word once; of one that was cut, the beginning."""
    for turn in turns:
        said, whole = turn.agent_response, SPOKEN[turn.user_transcript]
        if turn.interrupted:
            assert whole[0].startswith(said)
        else:
            assert said in whole


def check_what_was_left(point: ResumePoint, taken_up: list[TurnEnded]) -> None:
    """The question has its answer, the words that were heard are recorded."""
    by_id = {turn.id: turn for turn in taken_up}
    if left := point.at_hand:
        turn = by_id[left.id]
        assert turn.user_transcript == left.caller_text
        assert turn.agent_response.startswith(left.heard)
        assert turn.agent_response
        assert turn.started_at_ms == left.started_at_ms
    if words := point.last_words:
        turn = by_id[words.id]
        assert (turn.user_transcript, turn.agent_response) == (words.text, "")


@pytest.mark.parametrize("is_planned", [False, True])
@pytest.mark.parametrize("at_s", MOMENTS)
async def test_a_death_at_any_moment_costs_nothing_but_a_gap(at_s: float, is_planned: bool) -> None:
    left = await killed(at_s, is_planned=is_planned)
    call, ending = await taken_up(left.point)
    turns = [*left.turns, *call.turns]
    assert ending is Ending.AGENT_CLOSED
    check_numbers(turns)
    words = left.point.last_words
    check_replies([turn for turn in turns if words is None or turn.id != words.id])
    assert [turn.agent_response for turn in turns].count(BACK) <= (not is_planned)
    check_what_was_left(left.point, call.turns)
    assert left.n_booked + len(call.toolbox.ran) <= 1
    if call.model.requests:
        told = {message.text for message in call.model.requests[-1]}
        assert told >= {turn.user_transcript for turn in turns if turn.user_transcript}
