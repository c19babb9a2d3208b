"""What the caller said before the agent heard their track.

A client may record its user while it still connects, and send that to the first agent as a byte
stream beside the track that goes on where it ends:

    stream   ████████████████┐
    track                    └████████████▶
             user speaks     the agent receives the track
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from livekit import rtc
from livekit.rtc._proto.track_pb2 import AudioTrackFeature

from agent.room.decoding import UndecodableError, decoded

log = logging.getLogger(__name__)

EARLY_SOUND_TOPIC: Final = "lk.agent.pre-connect-audio-buffer"
MAX_BYTES: Final = 4 * 2**20
MAX_S: Final = 20.0
"""Clients stop recording after ten seconds without an agent."""
MAX_TRACKS: Final = 4
WAIT_S: Final = 3.0
"""A stream that is promised and has not come whole by then is heard no more."""

Windows = list[bytes]
Decode = Callable[[bytes, int, int], Awaitable[Windows]]
"""Of what was sent, at this rate and with so many channels."""


async def decoded_aside(sound: bytes, rate_hz: int, n_channels: int) -> Windows:
    """In a thread: it may take as long as a frame of the agent's sound lasts."""
    return await asyncio.to_thread(
        decoded, sound, rate_hz=rate_hz, n_channels=n_channels, max_s=MAX_S
    )


class EarlySound:
    """Collects one caller's streams, each for one of their tracks; `close` it."""

    def __init__(self, room: rtc.Room, caller: str, *, decode: Decode = decoded_aside) -> None:
        self._room = room
        self._decode = decode
        self._caller = caller
        self._of_track: dict[str, asyncio.Future[Windows]] = {}
        self._taken: set[str] = set()
        self._reading: set[asyncio.Task[None]] = set()
        room.register_byte_stream_handler(EARLY_SOUND_TOPIC, self._on_stream)

    def is_promised(self, track_sid: str) -> bool:
        """Whether sound from before the track comes, or has come, and nobody took it yet."""
        participant = self._room.remote_participants.get(self._caller)
        publication = participant and participant.track_publications.get(track_sid)
        if not publication or track_sid in self._taken:
            return False
        return AudioTrackFeature.TF_PRECONNECT_BUFFER in publication.audio_features

    async def take(self, track_sid: str) -> Windows:
        """Windows of 512 samples at 16 kHz; none where nothing that can be heard comes in time."""
        self._taken.add(track_sid)
        try:
            async with asyncio.timeout(WAIT_S):
                return await asyncio.shield(self._sound_of(track_sid))
        except TimeoutError:
            log.warning("caller.early_sound_late")
            return []
        finally:
            self._of_track.pop(track_sid, None)

    def close(self) -> None:
        """Read no more."""
        for task in self._reading:
            task.cancel()

    def _may_come(self, track_sid: str) -> bool:
        """The room may tell of the track itself only later."""
        is_known = track_sid in self._of_track
        is_wanted = bool(track_sid) and track_sid not in self._taken
        return is_known or (is_wanted and len(self._of_track) < MAX_TRACKS)

    def _sound_of(self, track_sid: str) -> asyncio.Future[Windows]:
        if track_sid not in self._of_track:
            self._of_track[track_sid] = asyncio.get_running_loop().create_future()
        return self._of_track[track_sid]

    def _on_stream(self, reader: rtc.ByteStreamReader, identity: str) -> None:
        task = asyncio.create_task(self._read(reader, identity), name="early-sound")
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _read(self, reader: rtc.ByteStreamReader, identity: str) -> None:
        attributes = reader.info.attributes or {}
        track_sid = attributes.get("trackId", "")
        try:
            if identity != self._caller or not self._may_come(track_sid):
                return
            windows = await self._decoded(reader, attributes)
        except (UndecodableError, rtc.StreamError, ValueError) as exc:
            log.warning("caller.early_sound_unheard", extra={"error": type(exc).__name__})
            windows = []
        finally:
            reader.close()
        if track_sid in self._taken and track_sid not in self._of_track:
            return
        sound = self._sound_of(track_sid)
        if not sound.done():
            sound.set_result(windows)

    async def _decoded(self, reader: rtc.ByteStreamReader, attributes: dict[str, str]) -> Windows:
        rate_hz = int(attributes.get("sampleRate", "48000"))
        n_channels = int(attributes.get("channels", "1"))
        sound = bytearray()
        async for chunk in reader:
            sound += chunk
            if len(sound) > MAX_BYTES:
                raise UndecodableError(f"more than {MAX_BYTES} bytes")
        return await self._decode(bytes(sound), rate_hz, n_channels)
