"""A voice that is lost in mid-sentence: the rest comes from another socket, every word once."""

import asyncio

import pytest

from core.errors import ProviderClosed, ProviderRefused, ProviderTimeout
from pipeline.clock import now
from pipeline.heard import SpeakingRate
from pipeline.metering import Meter, MeteredVoice
from pipeline.reply import Reply, fixed_line
from pipeline.served import Served
from tests.unit.pipeline.fake_tts import tones
from tests.unit.pipeline.spoken_reply import OPTIONS, Listener, voiced

pytestmark = pytest.mark.usefixtures("no_loose_ends")

TEXT = "We are open from nine to six on weekdays, and ten to four on Saturdays."
CUTS_S = [0.7, 1.3, 1.9, 2.2, 2.6, 3.1, 3.8]


@pytest.mark.parametrize("after_s", CUTS_S)
@pytest.mark.parametrize("realtime_factor", [10.0, 3.0])
async def test_every_word_is_heard_once_without_a_gap(
    after_s: float, realtime_factor: float
) -> None:
    async with voiced() as spoken:
        spoken.service.realtime_factor = realtime_factor
        await spoken.reply("Hello there, how may I help you?")
        await spoken.fail(("cut", after_s))
        assert await spoken.reply(TEXT) == tones(TEXT)
        assert spoken.listener.longest_gap_s < 0.3


async def test_the_very_first_line_is_gone_on_with_as_well() -> None:
    async with voiced() as spoken:
        await spoken.fail(("cut", 1.5))
        assert await spoken.reply(TEXT) == tones(TEXT)


async def test_a_loss_and_who_spoke_are_put_down_for_the_record() -> None:
    served = Served()
    async with voiced() as spoken:
        await spoken.fail(("cut", 1.5))
        with served.at_hand():
            await spoken.reply(TEXT)
    assert (served.tts_model, served.speaker) == (OPTIONS.model, OPTIONS.speaker)
    assert [one["kind"] for one in spoken.faults.peek(0.0)] == ["voice_lost"]


async def test_the_lines_that_follow_are_said_after_it() -> None:
    async with voiced() as spoken:
        await spoken.fail(("cut", 1.5))
        assert await spoken.reply(TEXT, "And on Sundays we sleep.") == tones(
            f"{TEXT} And on Sundays we sleep."
        )


async def test_a_second_loss_is_survived_a_third_is_not() -> None:
    async with voiced() as spoken:
        await spoken.fail(("cut", 1.0), ("cut", 1.0))
        assert await spoken.reply(TEXT) == tones(TEXT)
        await spoken.fail(("cut", 1.0), ("cut", 1.0), ("cut", 1.0))
        with pytest.raises(ProviderClosed):
            await spoken.reply(TEXT)


async def test_a_voice_that_stalls_in_mid_sentence_is_lost_too() -> None:
    async with voiced() as spoken:
        await spoken.fail(("stall", 1.5))
        pcm = await spoken.reply(TEXT)
        stalled, rest = [text for text in spoken.service.texts if text]
        assert stalled == TEXT
        assert TEXT.endswith(rest)
        assert pcm.endswith(tones(rest))
        assert spoken.listener.longest_gap_s < 2.0


async def test_one_that_is_lost_before_its_answer_has_said_all() -> None:
    sound_s = len(tones(TEXT)) / 48_000
    async with voiced() as spoken:
        await spoken.fail(("cut", sound_s))
        began_at, n_asked = now(), spoken.service.n_asked
        assert await spoken.reply(TEXT) == tones(TEXT)
        assert now() - began_at < 1.0
        assert spoken.service.texts[n_asked - 1] == TEXT


async def test_what_is_said_meanwhile_waits_for_the_next_socket() -> None:
    async with voiced() as spoken:
        await spoken.fail(("cut", 1.5))
        spoken.service.opening = lambda: asyncio.sleep(0.8)
        async with spoken.voice.speak() as speech:
            hearing = asyncio.create_task(Listener().hear(speech, 2))
            await speech.say(TEXT)
            await speech.flush()
            await asyncio.sleep(0.5)
            await speech.say("And on Sundays")
            await asyncio.sleep(1.5)
            await speech.say("we sleep.")
            await speech.flush()
            assert await hearing == tones(f"{TEXT} And on Sundays we sleep.")


async def test_what_is_said_after_the_last_answer_is_lost_waits_for_the_next_socket() -> None:
    async with voiced() as spoken, spoken.voice.speak() as speech:
        listener = Listener()
        await speech.say("One moment.")
        await speech.flush()
        await listener.hear(speech, 1)
        hearing = asyncio.create_task(listener.hear(speech, 1))
        await asyncio.sleep(0.1)
        spoken.service.wires[0].end()
        await asyncio.sleep(5.0)
        await speech.say("It is nine.")
        await speech.flush()
        assert await hearing == tones("One moment. It is nine.")


async def test_a_reply_that_lost_its_voice_is_recorded_as_it_was_heard() -> None:
    meter = Meter()
    async with voiced() as spoken:
        await spoken.fail(("cut", 1.5))
        reply = Reply(
            fixed_line(TEXT), MeteredVoice(spoken.voice, meter), SpeakingRate(), language="en-IN"
        )
        reply.start()
        await reply.sound.grown_beyond(10_000_000)
        await asyncio.sleep(0)
    assert reply.failure is None
    assert reply.sound.read(0, 10_000_000) == tones(TEXT)
    assert reply.heard(60.0) == reply.text == TEXT
    assert reply.heard(2.0).split() == TEXT.split()[: len(reply.heard(2.0).split())]
    assert meter.take().characters == len(TEXT.replace(", ", ","))


async def test_a_text_that_the_service_refuses_is_left_out() -> None:
    async with voiced() as spoken:
        await spoken.reply("Hello there, how may I help you?")
        spoken.service.refused_texts = {"一二三 "}
        async with spoken.voice.speak() as speech:
            for text in ("We are open ", "一二三 ", "from nine to six."):
                await speech.say(text)
            await speech.flush()
            assert await Listener().hear(speech, 1) == tones("We are open from nine to six.")


async def test_a_service_that_refuses_from_the_start_fails_the_reply() -> None:
    async with voiced() as spoken:
        spoken.service.refused_texts = {f"{TEXT} "}
        with pytest.raises(ProviderRefused):
            await spoken.reply(TEXT)


async def test_a_service_that_never_answers_is_given_up() -> None:
    async with voiced() as spoken:
        await spoken.fail(*[("stall", 0.0)] * 4)
        began_at = now()
        with pytest.raises(ProviderTimeout):
            await spoken.reply(TEXT)
        assert now() - began_at < 13.0
