"""Answers whose opening the voice has by heart: sooner heard, and interrupted like any other."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest
import pytest_asyncio

from pipeline.ports import Message
from pipeline.repertoire import Clause
from tests.unit.pipeline.call import Call
from tests.unit.pipeline.fake_model import Answer
from tests.unit.pipeline.fake_repertoire import FakeRepertoire

pytestmark = pytest.mark.usefixtures("no_loose_ends")

QUESTION = "Tell me about the rooms please?"
OPENING = "Of course, sir or madam."
REST = "We have three rooms for you today, and each of them has a view of the lake."
SOUND_S = 1.7
VOICE_S = 0.25


@pytest_asyncio.fixture
async def call() -> AsyncIterator[Call]:
    """A call with the field's voice, in which the agent is about to answer."""
    noise = np.random.default_rng(99).integers(1, 256, int(SOUND_S * 24_000) * 2, dtype=np.uint8)
    repertoire = FakeRepertoire()
    repertoire.known[Clause("fake", OPENING)] = noise.tobytes()
    call = Call(repertoire=repertoire)
    call.voice.ttfb_s = VOICE_S
    call.model.answers[QUESTION] = Answer(f"{OPENING} {REST}", first_token_s=0.35)
    async with call:
        await call.greeted()
        await call.caller.say(QUESTION)
        yield call


async def test_it_is_heard_sooner_by_all_that_the_voice_takes(call: Call) -> None:
    known = (await call.turn(1)).latencies.first_audio_ms
    call.model.answers[QUESTION] = Answer(f"{OPENING[:-1]}! {REST}", first_token_s=0.35)
    await asyncio.sleep(1.0)
    await call.caller.say(QUESTION)
    made = (await call.turn(2)).latencies.first_audio_ms
    assert known is not None
    assert made is not None
    assert made - known == pytest.approx(1000 * VOICE_S, abs=20)


async def test_all_of_it_is_recorded_and_remembered_once(call: Call) -> None:
    turn = await call.turn(1)
    assert turn.agent_response == f"{OPENING} {REST}"
    sound_s = len(call.voice.speeches[-1].pcm) / 48_000
    assert turn.agent_audio_s == pytest.approx(SOUND_S + sound_s)
    assert turn.latencies.tts_ttfb_ms is None or turn.latencies.tts_ttfb_ms == 1000 * VOICE_S


async def test_words_over_kept_sound_leave_what_was_heard_of_it(call: Call) -> None:
    await call.speaking(for_s=0.9)
    await call.caller.say("No, what does the first one cost?")
    interrupted = await call.turn(1)
    await call.turn(2)
    assert interrupted.interrupted
    assert interrupted.agent_response in ("Of course,", "Of course, sir")
    assert Message("assistant", interrupted.agent_response) in call.model.requests[-1]


@pytest.mark.parametrize("after_s", [0.6, 2.5])
async def test_a_cough_costs_neither_a_word_nor_a_sample(call: Call, after_s: float) -> None:
    await call.speaking(for_s=after_s)
    await call.caller.cough(0.3)
    turn = await call.turn(1)
    assert not turn.interrupted
    assert turn.agent_response == f"{OPENING} {REST}"
    call.check()
