"""A participant that sends back every frame it hears, at once: the transport and nothing else.

`python -m benchmarks.echo WS_URL` reads its token from standard input, joins, prints `ready`, and
leaves when standard input closes. It is a process of its own, as an agent is.
"""

import asyncio
import sys

from livekit import rtc

_RATE_HZ = 48_000
"""The codec's own rate: nothing is resampled on the way."""
_JOIN_TIMEOUT_S = 15.0
_CLOSE_TIMEOUT_S = 5.0


class Echo:
    """Repeats the first remote audio track of a room."""

    def __init__(self) -> None:
        self._room = rtc.Room()
        self._source = rtc.AudioSource(_RATE_HZ, 1, queue_size_ms=0)
        self._stream: rtc.AudioStream | None = None
        self._repeating: asyncio.Task[None] | None = None

    async def join(self, ws_url: str, token: str) -> None:
        self._room.on("track_subscribed", self._on_track)
        track = rtc.LocalAudioTrack.create_audio_track("echo", self._source)
        async with asyncio.timeout(_JOIN_TIMEOUT_S):
            await self._room.connect(ws_url, token)
            await self._room.local_participant.publish_track(track)

    async def leave(self) -> None:
        if self._repeating is not None:
            self._repeating.cancel()
            await asyncio.gather(self._repeating, return_exceptions=True)
        if self._stream is not None:
            await self._stream.aclose()
        async with asyncio.timeout(_CLOSE_TIMEOUT_S):
            await self._room.disconnect()
        await self._source.aclose()

    def _on_track(
        self, track: rtc.Track, _: rtc.RemoteTrackPublication, __: rtc.RemoteParticipant
    ) -> None:
        if track.kind == rtc.TrackKind.KIND_AUDIO and self._stream is None:
            self._stream = rtc.AudioStream(
                track, sample_rate=_RATE_HZ, frame_size_ms=10, capacity=100
            )
            self._repeating = asyncio.create_task(self._repeat(self._stream))

    async def _repeat(self, stream: rtc.AudioStream) -> None:
        async for event in stream:
            await self._source.capture_frame(event.frame)


async def _serve(ws_url: str) -> None:
    token = await asyncio.to_thread(sys.stdin.readline)
    echo = Echo()
    try:
        await echo.join(ws_url, token.strip())
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)
    finally:
        await echo.leave()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
