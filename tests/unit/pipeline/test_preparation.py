"""At most one answer is prepared, and it is used only for the words it was made for."""

import asyncio
from collections.abc import Callable

import pytest

from pipeline.heard import SpeakingRate
from pipeline.ports import Message
from pipeline.preparation import Preparation
from pipeline.reply import Reply
from pipeline.spending import Discards
from tests.unit.pipeline.fake_model import FakeModel
from tests.unit.pipeline.fake_voice import FakeVoice

pytestmark = pytest.mark.usefixtures("no_loose_ends")


def maker(model: FakeModel) -> Callable[[str], Reply]:
    voice = FakeVoice()

    def make(text: str) -> Reply:
        reply = Reply(
            lambda: model.tokens([Message("user", text)]), voice, SpeakingRate(), language="en-IN"
        )
        reply.start()
        return reply

    return make


async def test_the_prepared_answer_is_taken_for_the_same_words() -> None:
    model = FakeModel()
    preparation = Preparation(maker(model), Discards())
    preparation.prepare("is there a table for two")
    await asyncio.sleep(0.05)
    reply = preparation.take("Is there a table for 2?")
    await asyncio.sleep(1)
    assert model.asked == ["is there a table for two"]
    await reply.stop()


async def test_other_words_are_answered_anew_and_the_first_answer_is_stopped() -> None:
    model = FakeModel()
    preparation = Preparation(maker(model), Discards())
    preparation.prepare("What time")
    await asyncio.sleep(0.05)
    reply = preparation.take("What time is it?")
    await asyncio.sleep(0.05)
    assert model.asked == ["What time", "What time is it?"]
    assert model.n_open == 1
    await reply.stop()


async def test_what_was_taken_is_not_discarded() -> None:
    model = FakeModel()
    preparation = Preparation(maker(model), Discards())
    reply = preparation.take("What time is it?")
    preparation.discard()
    await asyncio.sleep(0.05)
    assert model.n_open == 1
    await reply.stop()


async def test_closing_waits_until_all_is_closed() -> None:
    model = FakeModel()
    preparation = Preparation(maker(model), Discards())
    for text in ("one", "two", "three"):
        preparation.prepare(text)
        await asyncio.sleep(0.05)
    await preparation.close()
    assert model.n_open == 0
