"""Sound leaves once, whole and in order, whatever it is suspended for."""

import asyncio
import random

import pytest

from pipeline.playback import Playback
from pipeline.sound import Sound
from tests.unit.pipeline.fake_playout import FakePlayout

pytestmark = pytest.mark.usefixtures("no_loose_ends")


def noise(n_bytes: int) -> bytes:
    """Sound without a zero byte, so that padding shows."""
    return bytes(random.Random(n_bytes).choices(range(1, 256), k=n_bytes))


def whole(pcm: bytes) -> Sound:
    sound = Sound()
    sound.append(pcm)
    sound.finish()
    return sound


class Playing:
    """A playback that runs."""

    def __init__(self, sound: Sound) -> None:
        self.playout = FakePlayout()
        self.playback = Playback(self.playout, sound)
        self.n_pushed = 0
        self.task = asyncio.create_task(self.playback.run(self._count))

    def _count(self) -> None:
        self.n_pushed += 1

    @property
    def left(self) -> bytes:
        """What has left, without the padding at its end."""
        assert self.playout.queued_s >= 0  # lets go what is due
        return bytes(self.playout.left).rstrip(b"\0")


async def test_a_sound_is_played_to_its_last_sample_in_its_own_time() -> None:
    pcm = noise(48_000 + 123 * 2)
    playing = Playing(whole(pcm))
    began_at = asyncio.get_running_loop().time()
    await playing.task
    assert playing.left == pcm
    assert asyncio.get_running_loop().time() - began_at == pytest.approx(1.0, abs=0.02)
    assert playing.playback.played_s == len(pcm) / 48_000


async def test_an_empty_sound_is_over_at_once() -> None:
    playing = Playing(whole(b""))
    await playing.task
    assert playing.playback.played_s == 0


async def test_never_more_than_a_moment_is_queued() -> None:
    playing = Playing(whole(noise(96_000)))
    for _ in range(50):
        await asyncio.sleep(0.03)
        assert playing.playout.queued_s <= 0.2
    await playing.task


@pytest.mark.parametrize(
    "suspended_after_s", [0.0, 0.0333333, 0.1, 0.25, 0.4007, 0.99, 1.0, 1.0049]
)
async def test_a_suspended_sound_goes_on_from_the_very_sample(suspended_after_s: float) -> None:
    pcm = noise(48_000 + 237 * 2)
    playing = Playing(whole(pcm))
    await asyncio.sleep(suspended_after_s)
    playing.playback.suspend()
    heard = playing.left
    assert playing.playback.played_s == len(heard) / 48_000
    await asyncio.sleep(3)
    assert playing.left == heard
    playing.playback.resume()
    await playing.task
    assert playing.left == pcm


async def test_a_sound_may_be_suspended_any_number_of_times() -> None:
    pcm = noise(60_000)
    playing = Playing(whole(pcm))
    dice = random.Random(1)
    while not playing.task.done():
        await asyncio.sleep(dice.uniform(0, 0.15))
        playing.playback.suspend()
        await asyncio.sleep(dice.uniform(0, 0.15))
        playing.playback.resume()
        await asyncio.sleep(0.05)
    assert playing.left == pcm


async def test_sound_that_comes_in_odd_portions_has_no_gaps_inside() -> None:
    pcm = noise(30_000)
    sound = Sound()
    playing = Playing(sound)
    for start in range(0, len(pcm), 1111):
        sound.append(pcm[start : start + 1111])
        await asyncio.sleep(0.005)
    sound.finish()
    await playing.task
    assert playing.left == pcm


async def test_sound_that_comes_slower_than_it_is_played_is_all_played() -> None:
    pcm = noise(20_000)
    sound = Sound()
    playing = Playing(sound)
    for start in range(0, len(pcm), 777):
        sound.append(pcm[start : start + 777])
        await asyncio.sleep(0.05)
    sound.finish()
    await playing.task
    assert playing.left == pcm


async def test_a_stopped_sound_cannot_be_resumed() -> None:
    playing = Playing(whole(noise(48_000)))
    await asyncio.sleep(0.5)
    playing.playback.stop()
    heard = playing.left
    playing.playback.resume()
    await asyncio.sleep(1)
    assert playing.left == heard
    assert playing.playback.played_s == pytest.approx(0.5)
    playing.task.cancel()


async def test_what_was_played_and_what_was_not_add_up() -> None:
    playing = Playing(whole(noise(48_000)))
    for _ in range(9):
        await asyncio.sleep(0.1)
        assert playing.playback.played_s + playing.playback.unplayed_s == pytest.approx(1.0)
    await playing.task
    assert playing.playback.unplayed_s == 0


async def test_a_word_that_was_cut_is_said_again_from_its_beginning() -> None:
    word, gap = noise(24_000), bytes(3840)
    playing = Playing(whole((word + gap) * 3))
    await asyncio.sleep(0.8)
    playing.playback.suspend()
    heard_s = playing.playback.played_s
    playing.playback.resume(from_word=True)
    await playing.task
    cut = round((heard_s - 0.58) * 48_000)
    assert 0 < cut < len(word)
    assert playing.left == (word + gap + word[:cut] + word + gap + word).rstrip(b"\0")
