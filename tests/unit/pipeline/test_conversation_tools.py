"""Tools in a conversation: run for decided turns only, and whatever they do, the talk goes on."""

import asyncio

import pytest

from pipeline.history import OUTCOME_UNKNOWN
from pipeline.ports import Message
from tests.unit.pipeline.call import WAIT, Call
from tests.unit.pipeline.fake_model import REFUSAL, Answer
from tests.unit.pipeline.fake_toolbox import BOOK, LOOK_UP

pytestmark = pytest.mark.usefixtures("no_loose_ends")

QUESTION = "Please book a table for two."
BOOKED = "booked for eight"
ANSWER = "It is booked for eight o'clock tonight."
CALLS = (("book_table", '{"people": 2}'),)


def booking(*, before: str = "", takes_s: float = 0.1) -> Call:
    """A call whose first question makes the model book a table."""
    call = Call(tools=(BOOK, LOOK_UP))
    call.toolbox.takes_s = takes_s
    call.toolbox.results = {"book_table": BOOKED}
    call.model.answers[QUESTION] = Answer(before, calls=CALLS)
    call.model.answers[BOOKED] = Answer(ANSWER)
    return call


def roles(messages: list[Message]) -> list[str]:
    return [message.role for message in messages]


async def test_the_result_of_a_tool_is_spoken() -> None:
    async with booking() as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
    assert turn.agent_response == ANSWER
    assert turn.tool_rounds is not None
    assert [[(one["name"], one["result"]) for one in made] for made in turn.tool_rounds] == [
        [("book_table", BOOKED)]
    ]
    assert call.turns[0].tool_rounds is None, "the greeting calls nothing"
    assert call.toolbox.ran == [("book_table", {"people": 2})]
    assert {*map(tuple, call.model.offered)} == {("book_table", "look_up", "end_call")}
    asked, result = call.model.requests[-1][-2:]
    assert (asked.role, asked.calls[0].name) == ("assistant", "book_table")
    assert (result.role, result.text, result.call_id) == ("tool", BOOKED, asked.calls[0].id)


async def test_the_time_of_a_tool_is_told_apart() -> None:
    async with booking(takes_s=1.0) as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
    assert (turn.tool_calls, turn.tools_ms) == (1, 1000)
    assert turn.latencies.first_token_ms is not None
    assert turn.latencies.first_token_ms > 1000


async def test_words_before_a_call_are_spoken_while_the_tool_runs() -> None:
    async with booking(before="Sure, let me book that.", takes_s=5.0) as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
    assert turn.agent_response == f"Sure, let me book that. {ANSWER}"
    assert turn.latencies.first_token_ms == 100
    assert turn.latencies.first_audio_ms is not None
    assert turn.latencies.first_audio_ms < 600


async def test_a_tool_runs_only_once_the_turn_is_decided() -> None:
    async with booking() as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
    decided_ms = turn.latencies.eou_delay_ms
    assert decided_ms is not None
    assert call.toolbox.began_at[0] >= call.caller.spoke_until + decided_ms / 1000 - 0.01


async def test_an_answer_that_is_discarded_has_called_nothing() -> None:
    async with booking() as call:
        call.model.answers["I want to book"] = Answer("", calls=CALLS, first_token_s=0.01)
        await call.greeted()
        await call.caller.say("I want to book", pause_s=0.15)
        await call.caller.say("my flight.")
        await call.turn(1)
    assert "I want to book" in call.model.asked
    assert call.toolbox.ran == []


async def test_nothing_is_called_while_the_caller_makes_a_sound() -> None:
    async with booking() as call:
        call.model.answers[QUESTION] = Answer("", calls=CALLS, first_token_s=0.6)
        await call.greeted()
        await call.caller.say(QUESTION, pause_s=0.3)
        coughed_at = asyncio.get_running_loop().time()
        await call.caller.cough(0.4)
        turn = await call.turn(1)
    assert call.toolbox.began_at[0] >= coughed_at + 0.4
    assert turn.agent_response == ANSWER


@pytest.mark.parametrize("before", ["", "👍", "**"])
async def test_a_long_wait_is_filled_once(before: str) -> None:
    async with booking(before=before, takes_s=4.0) as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
    assert turn.agent_response == f"{WAIT} {ANSWER}"
    assert turn.latencies.first_audio_ms is not None
    assert 1500 <= turn.latencies.first_audio_ms <= 2200


async def test_a_tools_own_line_fills_its_wait() -> None:
    async with booking(takes_s=4.0) as call:
        call.model.answers[QUESTION] = Answer("", calls=(("look_up", ""),))
        call.toolbox.results = {"look_up": BOOKED}
        await call.greeted()
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
    assert turn.agent_response == f"{LOOK_UP.wait_line} {ANSWER}"
    assert call.toolbox.ran == [("look_up", {})]


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("book_room", "{}", "There is no tool of this name."),
        ("book_table", "{", "The arguments are not a JSON object."),
        ("book_table", "[2]", "The arguments are not a JSON object."),
        ("book_table", "[" * 10_000, "The arguments are not a JSON object."),
    ],
)
async def test_a_call_that_cannot_be_made_is_told_to_the_model(
    name: str, arguments: str, told: str
) -> None:
    async with booking() as call:
        call.model.answers[QUESTION] = Answer("", calls=((name, arguments),))
        call.model.answers[told] = Answer("I cannot do that, sorry.")
        await call.greeted()
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
    assert turn.agent_response == "I cannot do that, sorry."
    assert call.toolbox.ran == []


async def test_a_tool_that_breaks_is_told_to_the_model() -> None:
    async with booking() as call:
        call.toolbox.is_broken = True
        call.model.answers["The tool failed."] = Answer("That did not work, sorry.")
        await call.greeted()
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
    assert turn.agent_response == "That did not work, sorry."


async def test_calls_of_one_round_run_at_the_same_time() -> None:
    async with booking(takes_s=1.0) as call:
        call.model.answers[QUESTION] = Answer("", calls=(*CALLS, ("look_up", "{}")))
        await call.greeted()
        await call.caller.say(QUESTION)
        turn = await call.turn(1)
    assert (turn.tool_calls, turn.tools_ms) == (2, 1000)
    assert roles(call.model.requests[-1])[-3:] == ["assistant", "tool", "tool"]


async def test_calls_beyond_the_bound_are_not_made() -> None:
    async with booking() as call:
        call.model.answers[QUESTION] = Answer("", calls=CALLS * 9)
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.turn(1)
    assert len(call.toolbox.ran) == 8
    ids = [message.call_id for message in call.model.requests[-1][-9:]]
    assert len(set(ids)) == 9
    assert "at most 8 calls" in call.model.requests[-1][-1].text


async def test_a_model_that_never_stops_calling_is_asked_to_answer() -> None:
    async with booking() as call:
        call.model.answers[BOOKED] = Answer("", calls=CALLS)
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.turn(2)
    assert len(call.toolbox.ran) == 5
    assert call.model.could_call[-6:] == [True] * 5 + [False]


async def test_a_model_that_fails_after_its_tool_is_apologised_for() -> None:
    async with booking() as call:
        call.model.answers[BOOKED] = REFUSAL
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.turn(2)
        await call.caller.say("Hello?")
        answered = await call.turn(3)
    assert answered.agent_response == call.model.default.text
    assert BOOKED in [message.text for message in call.model.requests[-1]]


async def test_later_turns_know_what_was_called() -> None:
    async with booking() as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.turn(1)
        await call.caller.say(QUESTION)
        await call.turn(2)
    told = next(one for one in call.model.requests if roles(one).count("user") == 2)
    assert roles(told) == ["system", "assistant", "user", "assistant", "tool", "assistant", "user"]
    assert [told[4].text, told[5].text] == [BOOKED, ANSWER]
    ids = [one.calls[0].id for one in call.model.requests[-1] if one.calls]
    assert len(set(ids)) == 2


async def test_an_interruption_stops_the_wait_and_the_outcome_is_not_known() -> None:
    async with booking(before="Sure, let me book that.", takes_s=6.0) as call:
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.toolbox.began.wait()
        await call.speaking(for_s=1.0)
        await call.caller.say("No wait, make it three.")
        await call.turn(2)
    assert call.turns[1].interrupted
    assert call.toolbox.cancelled == ["book_table"]
    told = call.model.requests[-1]
    assert [message.text for message in told if message.role == "tool"] == [OUTCOME_UNKNOWN]


async def test_a_turn_whose_tool_has_run_is_not_taken_back() -> None:
    async with booking() as call:
        call.model.answers[BOOKED] = Answer(ANSWER, first_token_s=2.0)
        await call.greeted()
        await call.caller.say(QUESTION)
        await call.toolbox.began.wait()
        await asyncio.sleep(0.3)
        await call.caller.say("And one for Sunday.")
        await call.turn(2)
    first, second = call.turns[1:]
    assert (first.user_transcript, first.agent_response) == (QUESTION, "")
    assert second.user_transcript == "And one for Sunday."
    assert BOOKED in [message.text for message in call.model.requests[-1]]
