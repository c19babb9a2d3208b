"""The voice against a service that fails in every way: text is spoken once, in order."""

import asyncio

import pytest

from core.errors import ProviderBusy, ProviderClosed
from pipeline.clock import now
from pipeline.providers.sarvam_socket import Frame
from pipeline.providers.sarvam_speech import read
from tests.unit.pipeline.fake_tts import tones
from tests.unit.pipeline.spoken_reply import Listener, Spoken, voiced

pytestmark = pytest.mark.usefixtures("no_loose_ends")


async def test_a_reply_is_spoken_on_the_warm_socket_which_serves_the_next_as_well() -> None:
    async with voiced() as spoken:
        assert await spoken.reply("Good morning.", "How are you?") == tones(
            "Good morning. How are you?"
        )
        await asyncio.sleep(1.0)
        assert await spoken.reply("Fine.") == tones("Fine.")
    assert spoken.service.texts[0] == "Good morning. How are you? Fine."
    assert all(wire.is_closed for wire in spoken.service.wires)


@pytest.mark.parametrize("idle_s", [3.0, 100.0])
async def test_a_spare_that_dies_is_made_anew_before_it_is_needed(idle_s: float) -> None:
    async with voiced() as spoken:
        await asyncio.sleep(idle_s)
        spoken.service.wire.end()
        await asyncio.sleep(1.0)
        assert len(spoken.service.wires) == 2
        n_asked = spoken.service.n_asked
        assert await spoken.reply("Good morning.") == tones("Good morning.")
        assert spoken.service.texts[:2] == ["", "Good morning."]
        assert spoken.service.n_asked == n_asked + 1


async def test_a_spare_that_freezes_is_noticed() -> None:
    async with voiced() as spoken:
        spoken.service.wire.is_frozen = True
        await asyncio.sleep(20)
        assert await spoken.reply("Good morning.") == tones("Good morning.")
    assert spoken.service.texts[:2] == ["", "Good morning."]


async def test_a_spare_that_cannot_be_let_go_of_is_left_for_another() -> None:
    async with voiced() as spoken:
        spoken.service.wire.clings_s = 60.0
        asked_at = now()
        assert await spoken.reply("Good morning.") == tones("Good morning.")
        assert now() - asked_at < 5.0
        await asyncio.sleep(60)


async def test_a_spare_that_dies_again_and_again_is_made_anew_more_and_more_seldom() -> None:
    async with voiced() as spoken:
        spoken.service.greet = lambda wire: wire.end()
        spoken.service.wire.end()
        await asyncio.sleep(120)
    assert 5 < spoken.service.n_asked < 20


async def test_a_spare_that_speaks_unasked_serves_nobody() -> None:
    async with voiced() as spoken:
        spoken.service.wire.bring(type="pong")
        await asyncio.sleep(0.1)
        assert spoken.service.wire.events == ["config"]
        spoken.service.wire.bring(type="error", data={"code": 500, "message": "of before"})
        await asyncio.sleep(1.0)
        assert await spoken.reply("Good morning.") == tones("Good morning.")
    assert spoken.service.texts[:2] == ["", "Good morning."]


async def test_the_second_try_never_lands_on_a_spare_that_died_with_the_first() -> None:
    async with voiced() as spoken, spoken.voice.speak() as speech:
        await asyncio.sleep(0.5)
        for wire in spoken.service.wires:
            wire.is_frozen = True
        spoken.service.wires[0].end()
        await speech.say("Good morning.")
        await speech.flush()
        assert await Listener().hear(speech, 1) == tones("Good morning.")
    assert spoken.service.texts[:3] == ["", "", "Good morning."]


async def test_what_is_said_while_a_socket_is_replaced_is_spoken_once_and_in_order() -> None:
    async with voiced() as spoken, spoken.voice.speak() as speech:
        hearing = asyncio.create_task(Listener().hear(speech, 2))
        await speech.say("We are open")
        await asyncio.sleep(0.2)
        spoken.service.opening = lambda: asyncio.sleep(2.0)
        for wire in spoken.service.wires:
            wire.end()
        await asyncio.sleep(0.5)
        await speech.say("from nine to six.")
        await speech.flush()
        await asyncio.sleep(2.0)
        await speech.say("On Sunday as well.")
        await speech.flush()
        text = "We are open from nine to six. On Sunday as well."
        assert await hearing == tones(text)
    assert [one for one in spoken.service.texts if one][-1] == text


async def test_a_service_that_does_not_answer_a_flush_in_time_is_asked_on_another_socket() -> None:
    async with voiced() as spoken:
        spoken.service.faults.append(("stall", 0.0))
        spoken.service.wire.end()
        await asyncio.sleep(1.0)
        began_at = now()
        assert await spoken.reply("Good morning.") == tones("Good morning.")
        assert 4.0 < now() - began_at < 5.0


@pytest.mark.parametrize("frame", ["[" * 100_000, "7", '{"type": "audio", "data": {}}', b"\xff"])
async def test_a_message_that_makes_no_sense_is_a_broken_connection(frame: Frame) -> None:
    with pytest.raises(ProviderClosed):
        read(frame)


async def test_a_service_that_is_away_fails_the_reply() -> None:
    async def away() -> None:
        raise ProviderClosed("sarvam-tts", "no connection: ConnectionRefusedError")

    async with voiced() as spoken:
        spoken.service.opening = away
        spoken.service.wire.end()
        await asyncio.sleep(1.0)
        with pytest.raises(ProviderClosed):
            await spoken.reply("Good morning.")


async def test_a_quota_that_is_free_in_a_moment_is_waited_for() -> None:
    async def busy() -> None:
        if spoken.service.n_asked <= 2:
            raise ProviderBusy("sarvam-tts", "HTTP 429")

    spoken = Spoken()
    spoken.service.opening = busy
    async with spoken.voice.kept_warm():
        assert await spoken.reply("Good morning.") == tones("Good morning.")


async def test_a_refused_speaker_is_replaced_for_good() -> None:
    spoken = Spoken()
    spoken.service.refused_speakers.add("kavya")
    async with spoken.voice.kept_warm():
        await asyncio.sleep(0.01)
        assert await spoken.reply("Good morning.") == tones("Good morning.")
        assert await spoken.reply("Fine.") == tones("Fine.")
    assert spoken.substitutes == ["shubh"]


async def test_an_interrupted_reply_leaves_its_socket_to_nobody() -> None:
    async with voiced() as spoken:
        async with spoken.voice.speak() as speech:
            await speech.say("A long story begins")
            await speech.flush()
        await asyncio.sleep(0.1)
        assert spoken.service.wires[0].is_closed
        assert await spoken.reply("Yes?") == tones("Yes?")


async def test_a_side_that_does_not_let_go_delays_nothing() -> None:
    async with voiced() as spoken:
        async with spoken.voice.speak() as speech:
            await speech.say("A long story begins")
            for wire in spoken.service.wires:
                wire.is_frozen = True
        began_at = now()
    assert now() - began_at <= 2.5


async def test_another_speaker_is_another_manner() -> None:
    async with voiced() as spoken:
        before = spoken.voice.manner
        await spoken.reply("Good morning.")
        assert spoken.voice.manner == before
        spoken.service.refused_speakers.add("kavya")
        await spoken.fail()
        await spoken.reply("Good morning.")
        assert spoken.voice.manner != before


async def test_sound_that_two_sockets_made_is_not_seamless() -> None:
    async with voiced() as spoken:
        await spoken.reply("How are you on this good morning?")
        assert spoken.listener.is_seamless
        await spoken.fail(("cut", 1.0))
        await spoken.reply("How are you on this good morning?")
        assert not spoken.listener.is_seamless
