"""A reply in the making: tokens in, sound out, nothing left open whatever happens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from core.supervision import STOP_S
from pipeline.heard import SpeakingRate
from pipeline.ports import Message
from pipeline.reply import Reply, Token, fixed_line
from tests.unit.pipeline.fake_model import Answer, FakeModel
from tests.unit.pipeline.fake_voice import FakeVoice

pytestmark = pytest.mark.usefixtures("no_loose_ends")

TEXT = "Of course, sir. We have a table for two, and it is at the window. See you then!"


class Making:
    """A reply and the providers that make it."""

    def __init__(self, answer: Answer) -> None:
        self.model = FakeModel()
        self.model.default = answer
        self.voice = FakeVoice()
        self.reply = Reply(
            lambda: self.model.tokens([Message("user", "?")]),
            self.voice,
            SpeakingRate(),
            language="en-IN",
            asks_model=True,
        )

    async def made(self) -> None:
        self.start()
        await self.whole()

    def start(self) -> None:
        self.reply.start()
        self.reply.let_speak()

    async def whole(self) -> None:
        while not self.reply.sound.is_whole:
            await self.reply.sound.grown_beyond(len(self.reply.sound))
        await asyncio.sleep(0)


async def test_all_of_a_text_becomes_sound() -> None:
    making = Making(Answer(TEXT))
    await making.made()
    assert making.reply.text == TEXT
    (speech,) = making.voice.speeches
    assert making.reply.sound.read(0, 10_000_000) == bytes(speech.pcm)
    assert making.reply.failure is None


async def test_the_voice_is_given_the_words_apart() -> None:
    making = Making(Answer("We are open from nine to six on every single day of the week."))
    await making.made()
    (speech,) = making.voice.speeches
    assert speech.text.split() == making.reply.text.split()


async def test_the_first_clause_sounds_while_the_model_still_writes() -> None:
    making = Making(Answer(TEXT + " And more." * 20, token_s=0.1))
    making.start()
    await making.reply.sound.grown_beyond(0)
    assert making.model.n_open == 1
    await making.reply.stop()


async def test_the_stages_are_marked() -> None:
    making = Making(Answer(TEXT))
    began_at = asyncio.get_running_loop().time()
    await making.made()
    timeline = making.reply.timeline
    assert timeline.requested_at == began_at
    assert timeline.first_token_at == pytest.approx(began_at + 0.1)
    assert timeline.voice_asked_at == pytest.approx(began_at + 0.13)
    assert timeline.first_byte_at == pytest.approx(began_at + 0.21)


async def test_white_space_is_no_first_token() -> None:
    making = Making(Answer("   \n", token_s=0.5))
    await making.made()
    assert making.reply.timeline.first_token_at is None


async def test_a_line_of_our_own_asked_no_model() -> None:
    voice = FakeVoice()
    reply = Reply(fixed_line("Hello there."), voice, SpeakingRate(), language="en-IN")
    reply.start()
    await reply.sound.grown_beyond(10_000_000)
    assert reply.timeline.requested_at is None
    assert reply.timeline.first_token_at is None
    await asyncio.sleep(0)


async def test_stopping_closes_model_and_voice_and_may_be_repeated() -> None:
    making = Making(Answer(TEXT + " And more." * 50, token_s=0.1))
    making.start()
    await asyncio.sleep(1)
    await making.reply.stop()
    await making.reply.stop()
    assert making.model.n_open == 0
    assert making.voice.speeches[0].is_closed
    assert making.reply.sound.is_whole


async def test_stopping_before_it_began_is_quiet() -> None:
    making = Making(Answer(TEXT))
    making.start()
    await making.reply.stop()
    assert making.model.requests == []


@pytest.mark.parametrize("breaks_after_s", [0.0, 0.5, 1.5])
async def test_a_voice_that_breaks_ends_the_reply(breaks_after_s: float) -> None:
    making = Making(Answer(TEXT))
    making.voice.breaks_after_s = breaks_after_s
    await making.made()
    assert making.reply.failure is not None
    assert 0 <= len(making.reply.sound) - breaks_after_s * 48_000 < making.voice.chunk_bytes
    assert making.model.n_open == 0


async def test_a_voice_that_breaks_on_both_sides_at_once_is_one_failure() -> None:
    making = Making(Answer(TEXT, token_s=0.05))
    making.start()
    await making.reply.sound.grown_beyond(0)
    making.voice.is_broken = True
    await making.whole()
    assert making.reply.failure is not None


async def test_a_model_that_breaks_off_leaves_what_it_said() -> None:
    making = Making(Answer(TEXT, fails_after=9))
    await making.made()
    assert making.reply.failure is not None
    assert making.reply.text == "Of course, sir. We have a table for two,"
    assert making.reply.heard(60.0) == making.reply.text


async def test_a_model_that_breaks_off_before_a_clause_says_nothing() -> None:
    making = Making(Answer(TEXT, fails_after=2))
    await making.made()
    assert making.reply.failure is not None
    assert (making.reply.text, len(making.reply.sound)) == ("", 0)


async def test_a_model_without_end_is_cut_at_two_minutes() -> None:
    making = Making(Answer("And more of it, please, sir. " * 400, token_s=0.02))
    await making.made()
    assert len(making.reply.sound) == 120 * 48_000
    assert making.model.n_open == 0


async def test_nothing_is_synthesised_before_the_reply_may_speak() -> None:
    making = Making(Answer(TEXT))
    making.reply.start()
    await asyncio.sleep(5.0)
    assert making.reply.timeline.first_token_at is not None
    (speech,) = making.voice.speeches
    assert speech.text == ""
    making.reply.let_speak()
    await making.whole()
    assert making.reply.text == TEXT


async def test_a_source_that_does_not_close_is_named_and_left(
    caplog: pytest.LogCaptureFixture,
) -> None:
    @asynccontextmanager
    async def stubborn() -> AsyncIterator[AsyncIterator[Token]]:
        try:
            yield never()
        finally:
            await asyncio.sleep(60)

    reply = Reply(stubborn, FakeVoice(), SpeakingRate(), language="en-IN", asks_model=True)
    reply.start()
    await asyncio.sleep(1)
    began_at = asyncio.get_running_loop().time()
    await reply.stop()
    assert asyncio.get_running_loop().time() - began_at == STOP_S
    assert [vars(one)["task"] for one in caplog.records] == ["reply"]
    await asyncio.sleep(60)


async def never() -> AsyncIterator[Token]:
    await asyncio.sleep(1000)
    yield ""
