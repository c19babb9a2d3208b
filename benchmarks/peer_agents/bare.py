"""The SDK alone: hears every frame and thinks nothing, speaks by the clock.

`python -m benchmarks.peer_agents.bare --livekit URL --answer S --pause S` prints `ready`, joins the
room that the first line of standard input names (`ROOM TOKEN`), and leaves when that closes. Its
frames are of the size of ours in both directions.
"""

import argparse
import asyncio
import itertools
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from livekit import rtc

from sandbox.ports import SpokenLine
from sandbox.scripted.voice import synthesise

_IN_HZ: Final = 16_000
_IN_FRAME_MS: Final = 32
_OUT_HZ: Final = 24_000
_OUT_FRAME_BYTES: Final = 2 * _OUT_HZ // 10
_AHEAD_S: Final = 0.1
_QUEUE_MS: Final = 400
_LINE: Final = SpokenLine("We are open from ten to six on all days.", "any", "", "en-IN", _OUT_HZ)
_MS_PER_CHAR: Final = 40
_CLOSE_TIMEOUT_S: Final = 5.0


@asynccontextmanager
async def _joined(url: str, token: str) -> AsyncIterator[rtc.AudioSource]:
    """A participant in its room, whose voice is the source."""
    room, source = rtc.Room(), rtc.AudioSource(_OUT_HZ, 1, queue_size_ms=_QUEUE_MS)
    listening: list[asyncio.Task[None]] = []

    def on_track(track: rtc.Track, *_: object) -> None:
        listening.append(asyncio.create_task(_hear(track)))

    room.on("track_subscribed", on_track)
    try:
        await room.connect(url, token)
        track = rtc.LocalAudioTrack.create_audio_track("agent", source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        await room.local_participant.publish_track(track, options)
        yield source
    finally:
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        async with asyncio.timeout(_CLOSE_TIMEOUT_S):
            await room.disconnect()
        await source.aclose()


async def _hear(track: rtc.Track) -> None:
    stream = rtc.AudioStream(track, sample_rate=_IN_HZ, frame_size_ms=_IN_FRAME_MS, capacity=64)
    try:
        async for _ in stream:
            pass
    finally:
        await asyncio.shield(stream.aclose())


async def _speak(source: rtc.AudioSource, answer_s: float, pause_s: float) -> None:
    pcm = synthesise(_LINE, _MS_PER_CHAR).tobytes()
    starts = itertools.cycle(range(0, len(pcm) - _OUT_FRAME_BYTES, _OUT_FRAME_BYTES))
    while True:
        for _ in range(round(10 * answer_s)):
            await asyncio.sleep(max(0.0, source.queued_duration - _AHEAD_S))
            start = next(starts)
            frame = pcm[start : start + _OUT_FRAME_BYTES]
            await source.capture_frame(rtc.AudioFrame(frame, _OUT_HZ, 1, len(frame) // 2))
        await asyncio.sleep(pause_s)


async def serve(url: str, answer_s: float, pause_s: float) -> None:
    print("ready", flush=True)
    _, _, token = (await asyncio.to_thread(sys.stdin.readline)).strip().partition(" ")
    if not token:
        return
    async with _joined(url, token) as source:
        speaking = asyncio.create_task(_speak(source, answer_s, pause_s))
        await asyncio.to_thread(sys.stdin.readline)
        speaking.cancel()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--livekit", required=True)
    parser.add_argument("--answer", type=float, required=True, help="seconds of sound at a time")
    parser.add_argument("--pause", type=float, required=True, help="seconds of silence after it")
    args = parser.parse_args()
    asyncio.run(serve(args.livekit, args.answer, args.pause))


if __name__ == "__main__":
    main()
