"""A client of LiveKit's that is not ours: it joins as it likes, and notes what the room tells."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

import numpy as np
from livekit import rtc

from cli.caller.clip import Samples
from cli.caller.turn import TURN_TOPIC, Turn, parse_turn
from core.supervision import stop_tasks
from tests.e2e.account import Json

T = TypeVar("T")

RATE_HZ: Final = 16_000
FRAME_S: Final = 0.02
_DEADLINE_S: Final = 60.0
_POLL_S: Final = 0.05


class AnyClient:
    """`turns` by index, `texts` of `lk.transcription` by (identity, segment), `segments` likewise:
    what the room told last."""

    def __init__(self) -> None:
        self.room = rtc.Room()
        self.turns: dict[int, Turn] = {}
        self.texts: dict[tuple[str, str], str] = {}
        self.segments: dict[tuple[str, str], str] = {}
        self._source = rtc.AudioSource(RATE_HZ, 1, queue_size_ms=200)
        self._tasks: set[asyncio.Task[None]] = set()
        self._speech: list[Samples] = []
        self.room.on("data_received", self._on_data)
        self.room.on("transcription_received", self._on_segments)
        self.room.register_text_stream_handler("lk.transcription", self._on_stream)

    @property
    def agent(self) -> rtc.RemoteParticipant | None:
        """Whoever is of that kind."""
        kind = rtc.ParticipantKind.PARTICIPANT_KIND_AGENT
        participants = self.room.remote_participants.values()
        return next((one for one in participants if one.kind == kind), None)

    @property
    def identity(self) -> str:
        return self.room.local_participant.identity

    @property
    def words(self) -> str:
        """All that was taken for the caller's own, in the order of the turns."""
        said = [self.turns[index].user_transcript for index in sorted(self.turns)]
        return " ".join(filter(None, said))

    async def type(self, text: str) -> None:
        """Say it in the room's chat."""
        await self.room.local_participant.send_text(text, topic="lk.chat")

    async def publish(self, **options: Any) -> str:
        """Publish the microphone, which is live from now on; its id."""
        track = rtc.LocalAudioTrack.create_audio_track("sound", self._source)
        wanted = rtc.TrackPublishOptions(**options)
        publication = await self.room.local_participant.publish_track(track, wanted)
        self._start(self._run_microphone())
        return publication.sid

    async def publish_picture(self) -> None:
        """Publish a picture without a source; it stays black."""
        track = rtc.LocalVideoTrack.create_video_track("picture", rtc.VideoSource(64, 64))
        await self.room.local_participant.publish_track(track, rtc.TrackPublishOptions())

    def speak(self, samples: Samples) -> None:
        """Have the microphone take them in, in real time."""
        size = round(RATE_HZ * FRAME_S)
        self._speech = [samples[at : at + size] for at in range(0, len(samples) - size, size)]

    async def send_recorded(self, sound: bytes, track_sid: str) -> None:
        """What was recorded before the track, as LiveKit's clients send it to an active agent."""
        agent = await self.until(lambda: self.agent, what="the agent")
        writer = await self.room.local_participant.stream_bytes(
            "preconnect-buffer",
            topic="lk.agent.pre-connect-audio-buffer",
            destination_identities=[agent.identity],
            attributes={"trackId": track_sid, "sampleRate": str(RATE_HZ), "channels": "1"},
        )
        await writer.write(sound)
        await writer.aclose()

    async def until(self, condition: Callable[[], T | None], *, what: str) -> T:
        """Wait until the condition is truthy; what it is then."""
        deadline = time.monotonic() + _DEADLINE_S
        while not (value := condition()):
            assert time.monotonic() < deadline, f"{what}: not within {_DEADLINE_S:g} s"
            await asyncio.sleep(_POLL_S)
        return value

    async def turn(self, index: int) -> Turn:
        """The turn, once it is over."""
        return await self.until(lambda: self.turns.get(index), what=f"turn {index}")

    def texts_of(self, identity: str) -> list[str]:
        """What the text streams showed of somebody's words."""
        return [text for (who, _), text in self.texts.items() if who == identity]

    def segments_of(self, identity: str) -> list[str]:
        """What the transcription segments showed of somebody's words."""
        return [text for (who, _), text in self.segments.items() if who == identity]

    async def leave(self) -> None:
        """Hang up."""
        await stop_tasks(self._tasks)
        await self.room.disconnect()
        await self._source.aclose()

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_microphone(self) -> None:
        size = round(RATE_HZ * FRAME_S)
        while True:
            samples = self._speech.pop(0) if self._speech else np.zeros(size, np.int16)
            await self._source.capture_frame(rtc.AudioFrame(samples.tobytes(), RATE_HZ, 1, size))

    def _on_data(self, packet: rtc.DataPacket) -> None:
        if packet.topic == TURN_TOPIC:
            turn = parse_turn(packet.data)
            self.turns[turn.turn_index] = turn

    def _on_segments(
        self,
        segments: list[rtc.TranscriptionSegment],
        participant: rtc.Participant | None,
        _: rtc.TrackPublication | None,
    ) -> None:
        who = participant.identity if participant else ""
        self.segments.update({(who, segment.id): segment.text for segment in segments})

    def _on_stream(self, reader: rtc.TextStreamReader, identity: str) -> None:
        self._start(self._read(reader, identity))

    async def _read(self, reader: rtc.TextStreamReader, identity: str) -> None:
        text = await reader.read_all()
        attributes = reader.info.attributes or {}
        self.texts[identity, attributes["lk.segment_id"]] = text


@asynccontextmanager
async def joined(session: Json, *, hears: bool = True) -> AsyncIterator[AnyClient]:
    """In the session's room, without a microphone; with `hears` the agent's track is received."""
    client = AnyClient()
    try:
        options = rtc.RoomOptions(auto_subscribe=hears)
        await client.room.connect(session["ws_url"], session["token"], options)
        yield client
    finally:
        await client.leave()
