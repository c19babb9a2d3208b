"""What leaves for the providers is counted, whatever becomes of it."""

import asyncio

from pipeline.metering import Meter, MeteredRecogniser, MeteredVoice, Usage
from pipeline.ports import Final, Partial
from tests.unit.pipeline.fake_recogniser import FakeRecogniser
from tests.unit.pipeline.fake_voice import FakeVoice


async def test_sound_is_counted_in_seconds_with_its_pre_roll() -> None:
    meter = Meter()
    recogniser = MeteredRecogniser(FakeRecogniser(), meter)

    recogniser.begin(bytes(10_240))
    recogniser.hear(bytes(1024))
    recogniser.settle()
    recogniser.end()

    assert meter.take() == Usage(audio_s=11_264 / 32_000)


async def test_words_keep_the_utterance_that_they_belong_to() -> None:
    recogniser = FakeRecogniser()
    metered = MeteredRecogniser(recogniser, Meter())
    metered.begin(b"")
    metered.end()
    metered.begin(b"")
    recogniser.overhear("Yes.")
    metered.settle()

    results = metered.results()

    assert await anext(results) == Partial("Yes.", utterance=2)
    assert await anext(results) == Final("Yes.", utterance=2)


async def test_text_is_counted_without_the_space_that_joins_it() -> None:
    meter = Meter()
    async with MeteredVoice(FakeVoice(), meter).speak() as speech:
        await speech.say("नमस्ते, ")
        await speech.say("how are you? ")
        await speech.flush()

    assert meter.take() == Usage(characters=7 + 12)


async def test_a_reply_that_is_thrown_away_is_counted() -> None:
    meter = Meter()

    async def speak() -> None:
        async with MeteredVoice(FakeVoice(), meter).speak() as speech:
            await speech.say("Half of a sentence")
            await asyncio.Event().wait()

    speaking = asyncio.create_task(speak())
    await asyncio.sleep(0.1)
    speaking.cancel()
    await asyncio.wait([speaking])

    assert meter.take().characters == 18


def test_taking_starts_anew() -> None:
    meter = Meter()
    meter.add_tokens(read=5, written=7)

    assert meter.take() == Usage(input_tokens=5, output_tokens=7)
    assert meter.take() == Usage()
