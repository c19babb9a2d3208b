"""The caller's sound from before a job may answer it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from agent.room.kept_sound import KEPT_S, KEPT_WINDOWS, KeptSound
from pipeline.audio import WINDOW_S


def window(n: int) -> bytes:
    return n.to_bytes(4, "little")


class Microphone:
    """Windows with numbers, one every 32 ms, until `n_windows` have come."""

    def __init__(self, n_windows: int, *, every_s: float = WINDOW_S) -> None:
        self._n_windows = n_windows
        self._every_s = every_s
        self.is_closed = False

    async def windows(self) -> AsyncIterator[bytes]:
        try:
            for n in range(self._n_windows):
                await asyncio.sleep(self._every_s)
                yield window(n)
        finally:
            self.is_closed = True


async def all_of(sound: KeptSound) -> list[int]:
    return [int.from_bytes(pcm, "little") async for pcm in sound.heard()]


async def test_what_was_kept_is_heard_before_what_comes() -> None:
    sound = KeptSound(Microphone(100).windows())
    keeping = asyncio.create_task(sound.keep())
    await asyncio.sleep(50.5 * WINDOW_S)
    heard = asyncio.create_task(all_of(sound))
    await asyncio.sleep(0)
    assert not heard.done()

    assert await heard == list(range(100))
    await keeping


async def test_sound_is_heard_as_it_comes() -> None:
    loop = asyncio.get_running_loop()
    sound = KeptSound(Microphone(5, every_s=1.0).windows())
    started = loop.time()
    keeping = asyncio.create_task(sound.keep())
    at = [loop.time() - started async for _ in sound.heard()]

    assert at == pytest.approx([1.0, 2.0, 3.0, 4.0, 5.0])
    await keeping


async def test_only_the_end_of_it_is_kept_as_it_was_asked_for() -> None:
    sound = KeptSound(Microphone(100).windows())
    await sound.keep()

    assert sound.drop_all_but(10 * WINDOW_S) == pytest.approx(10 * WINDOW_S)
    assert await all_of(sound) == list(range(90, 100))


async def test_no_more_can_be_kept_than_there_is() -> None:
    sound = KeptSound(Microphone(3).windows())
    await sound.keep()

    assert sound.drop_all_but(60.0) == pytest.approx(3 * WINDOW_S)
    assert await all_of(sound) == [0, 1, 2]


async def test_all_of_it_can_be_dropped() -> None:
    sound = KeptSound(Microphone(3).windows())
    await sound.keep()

    assert sound.drop_all_but(0.0) == 0.0
    assert await all_of(sound) == []


async def test_the_oldest_is_dropped_when_the_wait_is_long() -> None:
    most = round(KEPT_S / WINDOW_S)
    sound = KeptSound(Microphone(most + 20).windows())
    await sound.keep()

    assert await all_of(sound) == list(range(20, most + 20))


async def test_a_microphone_that_is_taken_away_ends_what_is_heard_of_it() -> None:
    microphone = Microphone(100)
    sound = KeptSound(microphone.windows())
    keeping = asyncio.create_task(sound.keep())
    await asyncio.sleep(5.5 * WINDOW_S)
    heard = asyncio.create_task(all_of(sound))
    await asyncio.sleep(0)
    keeping.cancel()

    assert await heard == list(range(5))
    assert microphone.is_closed


@pytest.mark.parametrize("n_earlier", [0, 3, KEPT_WINDOWS - 10, KEPT_WINDOWS + 7])
async def test_what_came_before_is_heard_first_and_the_oldest_of_it_is_left_out(
    n_earlier: int,
) -> None:
    sound = KeptSound(Microphone(20).windows())
    keeping = asyncio.create_task(sound.keep())
    await asyncio.sleep(10.5 * WINDOW_S)
    earlier = [window(1000 + n) for n in range(n_earlier)]
    sound.put_before(earlier)
    n_kept = min(n_earlier + 10, KEPT_WINDOWS)

    assert sound.kept_s == pytest.approx(n_kept * WINDOW_S)
    first = 1000 + n_earlier + 10 - n_kept
    assert await all_of(sound) == [*range(first, 1000 + n_earlier), *range(20)]
    await keeping
