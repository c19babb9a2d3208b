"""A holder hands over while it lives: its successor hears again what was not decided."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from pipeline.resumption import ResumePoint
from tests.unit.pipeline.call import Call
from tests.unit.pipeline.killed import KilledCall
from tests.unit.pipeline.line import Line
from tests.virtual_time import START_S

pytestmark = pytest.mark.usefixtures("no_loose_ends")

QUESTION = "What are your opening hours on Sunday?"


def now() -> float:
    return asyncio.get_running_loop().time()


GREETED_S = 6.0
"""Into the session; then the caller speaks."""


@asynccontextmanager
async def carried(*sentences: str, pause_s: float = 0.0) -> AsyncIterator[Line]:
    """A line on which the caller says the sentences, whoever hears them."""
    line = Line()

    async def say() -> None:
        await asyncio.sleep(GREETED_S)
        for sentence in sentences:
            await line.caller.say(sentence, pause_s=pause_s)

    tasks = [asyncio.create_task(line.carry()), asyncio.create_task(say())]
    try:
        yield line
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def left(line: Line, after_s: float) -> ResumePoint:
    """What a holder leaves `after_s` after the caller began to speak."""
    holder = KilledCall()
    holder.hear(line.heard_by(holder.recogniser))
    async with holder:
        await asyncio.sleep(GREETED_S + after_s)
        return holder.left(is_planned=True)


def successor(line: Line, point: ResumePoint) -> Call:
    """One that takes up now, and hears again what was not decided."""
    since = START_S + point.snapshot.unheard_from_ms / 1000
    elapsed_s, late_s = now() - START_S, line.late_s(since)
    call = Call(point=replace(point, elapsed_s=elapsed_s, sound_from_s=elapsed_s - late_s))
    call.hear(line.heard_by(call.recogniser, since=since), late_s=late_s)
    return call


@pytest.mark.parametrize("gap_s", [0.05, 0.5, 3.0])
@pytest.mark.parametrize("after_s", [0.0, 0.03, 0.1, 0.5, 1.0, 2.05, 2.2])
async def test_words_on_both_sides_of_the_hand_over_are_one_utterance(
    after_s: float, gap_s: float
) -> None:
    async with carried(QUESTION) as line:
        point = await left(line, after_s)
        await asyncio.sleep(gap_s)
        async with successor(line, point) as call:
            turn = await call.turn(0)
            await asyncio.sleep(5)
    began = point.snapshot.open_turn
    assert (turn.turn_index, turn.user_transcript) == (1, QUESTION)
    assert began is None or turn.id == began.id
    assert turn.agent_response == call.model.default.text
    assert turn.started_at_ms == pytest.approx(1000 * GREETED_S, abs=80)
    assert turn.moments.speech_ended_at_ms == pytest.approx(1000 * (GREETED_S + 2.1), abs=80)
    assert len(call.turns) == 1
    assert len(call.recogniser.pre_rolls) == 1, "one utterance"


@pytest.mark.parametrize("final_s", [0.05, 0.3, 2.5])
async def test_a_turn_that_is_over_when_it_is_heard_again_is_answered_at_once(
    final_s: float,
) -> None:
    async with carried(QUESTION) as line:
        point = await left(line, 1.0)
        await asyncio.sleep(6.0)
        call = successor(line, point)
        call.recogniser.final_s = final_s
        async with call:
            taken_up_at = now()
            await call.speaking()
            waited_s = now() - taken_up_at
            turn = await call.turn(0)
    assert turn.user_transcript == QUESTION
    assert waited_s < 1.0 + min(final_s, 1.0)


@pytest.mark.parametrize("pause_s", [0.3, 0.6, 2.0])
async def test_sentences_that_nobody_could_answer_meanwhile_get_one_answer(pause_s: float) -> None:
    async with carried("I would like to", "book a table.", pause_s=pause_s) as line:
        point = await left(line, 0.5)
        await asyncio.sleep(5.0)
        async with successor(line, point) as call:
            turn = await call.turn(0)
            await asyncio.sleep(5)
    assert turn.user_transcript == "I would like to book a table."
    assert len(call.turns) == 1


async def test_a_recogniser_that_answers_nothing_does_not_stop_the_replay() -> None:
    async with carried(QUESTION) as line:
        point = await left(line, 1.0)
        await asyncio.sleep(6.0)
        call = successor(line, point)
        call.recogniser.loses_finals = True
        async with call:
            taken_up_at = now()
            turn = await call.turn(0)
    assert turn.user_transcript == QUESTION
    assert turn.started_at_ms < 1000 * GREETED_S + 80
    assert now() - taken_up_at < 8.0
