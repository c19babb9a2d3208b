"""What the voice has by heart leaves at once; every word is said once, by one of the two."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from core.errors import ProviderClosed
from pipeline.by_heart import VoiceByHeart
from pipeline.clock import now
from pipeline.heard import SpeakingRate
from pipeline.metering import Meter, MeteredVoice
from pipeline.ports import Audio, FlushDone
from pipeline.repertoire import Clause
from pipeline.reply import Reply, fixed_line
from tests.unit.pipeline.fake_repertoire import FakeRepertoire
from tests.unit.pipeline.fake_voice import FakeVoice

pytestmark = pytest.mark.usefixtures("no_loose_ends")

OPENING = "Let me have a look."
REST = "The parcel left us on Monday, and it is to arrive by Thursday."
SURE = "Hmm."
SOUND = b"\1\2" * 24_000


class Booth:
    """A voice, its repertoire and its meter, and replies that are made with them."""

    def __init__(self) -> None:
        self.inner = FakeVoice()
        self.repertoire = FakeRepertoire()
        self.meter = Meter()
        self.voice: VoiceByHeart

    def knows(self, text: str, pcm: bytes = SOUND) -> None:
        self.repertoire.known[Clause("fake", text)] = pcm

    @property
    def known(self) -> set[str]:
        return {clause.text for clause in self.repertoire.known}

    @property
    def asked(self) -> str:
        return "".join(speech.text for speech in self.inner.speeches)

    async def reply(self, text: str) -> Reply:
        reply = Reply(fixed_line(text), self.voice, SpeakingRate(), language="en-IN")
        reply.start()
        await whole(reply)
        return reply


@pytest_asyncio.fixture
async def booth() -> AsyncIterator[Booth]:
    booth = Booth()
    metered = MeteredVoice(booth.inner, booth.meter)
    async with VoiceByHeart.opened(metered, booth.repertoire, [SURE]) as booth.voice:
        yield booth


async def whole(reply: Reply) -> None:
    while not reply.sound.is_whole:
        await reply.sound.grown_beyond(len(reply.sound))
    await asyncio.sleep(0.1)


def sound_of(reply: Reply) -> bytes:
    return reply.sound.read(0, 10_000_000)


async def test_a_known_opening_leaves_at_once_and_the_voice_is_asked_for_the_rest(
    booth: Booth,
) -> None:
    booth.knows(OPENING)
    booth.inner.ttfb_s = 2.0
    reply = Reply(fixed_line(f"{OPENING} {REST}"), booth.voice, SpeakingRate(), language="en-IN")
    began_at = now()
    reply.start()
    await reply.sound.grown_beyond(0)
    assert now() == began_at
    await whole(reply)
    assert booth.asked.split() == REST.split()
    assert sound_of(reply) == SOUND + bytes(booth.inner.speeches[0].pcm)


async def test_the_text_is_recorded_as_heard_with_its_kept_sound(booth: Booth) -> None:
    booth.knows(OPENING)
    reply = await booth.reply(f"{OPENING} {REST}")
    assert reply.text == f"{OPENING} {REST}"
    assert reply.heard(0.5) == "Let me have"
    assert reply.divided(1.0) == (OPENING, REST)
    assert reply.heard(60.0) == reply.text


async def test_sound_that_was_kept_is_neither_metered_nor_timed(booth: Booth) -> None:
    booth.knows(OPENING)
    reply = await booth.reply(OPENING)
    assert booth.meter.take().characters == 0
    assert reply.timeline.latencies().tts_ttfb_ms is None
    reply = await booth.reply("What I can do for you is this.")
    assert booth.meter.take().characters == 30
    assert reply.timeline.latencies().tts_ttfb_ms == 80


async def test_a_reply_that_is_known_whole_needs_no_voice(booth: Booth) -> None:
    booth.knows(OPENING)
    booth.inner.is_broken = True
    reply = await booth.reply(OPENING)
    assert (reply.failure, sound_of(reply)) == (None, SOUND)


async def test_a_voice_that_is_away_fails_what_is_not_known(booth: Booth) -> None:
    booth.knows(OPENING)
    booth.inner.is_broken = True
    reply = await booth.reply(f"{OPENING} {REST}")
    assert isinstance(reply.failure, ProviderClosed)
    assert (sound_of(reply), reply.heard(1.0)) == (SOUND, OPENING)


async def test_a_voice_that_breaks_amid_the_rest_leaves_what_was_heard(booth: Booth) -> None:
    booth.knows(OPENING)
    booth.inner.breaks_after_s = 1.0
    reply = await booth.reply(f"{OPENING} {REST}")
    assert isinstance(reply.failure, ProviderClosed)
    assert len(reply.sound) > len(SOUND)


async def test_a_clause_that_was_spoken_on_its_own_is_learnt(booth: Booth) -> None:
    first = await booth.reply(f"{OPENING} {REST}")
    assert booth.known == {OPENING}
    second = await booth.reply(OPENING)
    assert sound_of(first).startswith(sound_of(second))
    assert len(booth.inner.speeches[1].pcm) == 0


async def test_what_is_said_in_every_session_is_told_to_be_sure(booth: Booth) -> None:
    for text in (OPENING, SURE):
        await booth.reply(text)
    assert booth.repertoire.sure == {Clause("fake", SURE)}


@pytest.mark.parametrize(
    "text",
    [
        "Your code is 4711 now.",
        "We are at the far end of the long street that leads to the old harbour.",
    ],
)
async def test_what_is_long_or_has_digits_is_not_learnt(booth: Booth, text: str) -> None:
    await booth.reply(text)
    assert booth.known == set()


async def test_what_was_not_made_in_one_piece_is_not_learnt(booth: Booth) -> None:
    booth.inner.is_seamless = False
    await booth.reply(OPENING)
    assert booth.known == set()


async def test_a_text_that_the_voice_left_out_is_not_learnt(booth: Booth) -> None:
    booth.inner.skips = OPENING
    await booth.reply(OPENING)
    assert booth.known == set()


async def test_another_speaker_does_not_know_it(booth: Booth) -> None:
    booth.knows(OPENING)
    booth.inner.manner = "another speaker"
    await booth.reply(OPENING)
    assert booth.asked.strip() == OPENING


async def test_a_line_that_only_begins_as_a_known_one_is_said_by_the_voice(booth: Booth) -> None:
    booth.knows(OPENING)
    async with booth.voice.speak() as speech:
        await speech.say(f"{OPENING} ")
        await speech.say("And then, ")
        await speech.say("no more of it. ")
        await speech.flush()
        items = []
        async for item in speech.sound():
            items.append(item)
            if isinstance(item, FlushDone):
                break
    assert booth.asked == f"{OPENING} And then, no more of it. "
    assert not any(isinstance(item, Audio) and item.is_kept for item in items)


async def test_a_known_line_waits_for_the_sound_of_the_one_before(booth: Booth) -> None:
    booth.knows(OPENING)
    async with booth.voice.speak() as speech:
        for text in (REST, OPENING, REST):
            await speech.say(f"{text} ")
            await speech.flush()
        kinds: list[bool | None] = []
        async for item in speech.sound():
            kinds.append(item.is_kept if isinstance(item, Audio) else None)
            if kinds.count(None) == 3:
                break
    order = [kind for at, kind in enumerate(kinds) if at == 0 or kind != kinds[at - 1]]
    assert order == [False, None, True, None, False, None]


async def test_a_reply_that_is_stopped_closes_the_voice(booth: Booth) -> None:
    booth.knows(OPENING)
    reply = Reply(fixed_line(f"{OPENING} {REST}"), booth.voice, SpeakingRate(), language="en-IN")
    reply.start()
    await reply.sound.grown_beyond(0)
    await reply.stop()
    assert booth.inner.speeches[0].is_closed
    assert sound_of(reply) == SOUND
