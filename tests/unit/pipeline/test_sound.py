"""Sound grows on one side and is read on the other."""

import asyncio

from pipeline.sound import MAX_REPLY_BYTES, Sound


def test_only_whole_samples_are_read() -> None:
    sound = Sound()
    sound.append(b"abc")
    assert sound.read(0, 10) == b"ab"
    sound.append(b"d")
    assert sound.read(2, 10) == b"cd"
    assert sound.read(4, 10) == b""


def test_what_exceeds_the_bound_is_dropped() -> None:
    sound = Sound()
    sound.append(bytes(MAX_REPLY_BYTES - 2))
    assert not sound.is_full
    sound.append(b"abcd")
    sound.append(b"efgh")
    assert sound.is_full
    assert len(sound) == MAX_REPLY_BYTES
    assert sound.read(MAX_REPLY_BYTES - 2, 10) == b"ab"


async def test_a_reader_wakes_when_there_is_a_whole_sample() -> None:
    sound = Sound()
    reader = asyncio.create_task(sound.grown_beyond(0))
    await asyncio.sleep(1)
    sound.append(b"a")
    await asyncio.sleep(1)
    assert not reader.done()
    sound.append(b"b")
    await reader


async def test_a_reader_wakes_when_no_more_will_come() -> None:
    sound = Sound()
    reader = asyncio.create_task(sound.grown_beyond(0))
    await asyncio.sleep(1)
    sound.finish()
    await reader
