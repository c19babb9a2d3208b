"""One participant in one room: speaks, listens, and notes what the room says, on one clock."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Literal, Self, TypeVar

import numpy as np
from livekit import rtc

from cli.caller.clip import Clip
from cli.caller.errors import CallEnded, CallerError, CallTimeout
from cli.caller.microphone import Microphone, PlayedSpan
from cli.caller.recording import Recording
from cli.caller.turn import TURN_TOPIC, Turn, parse_turn
from core.supervision import stop_tasks

T = TypeVar("T")

STATE_ATTRIBUTE: Final = "lk.agent.state"
CHAT_TOPIC: Final = "lk.chat"
_CLOSE_TIMEOUT_S: Final = 5.0
_POLL_S: Final = 0.05
"""How often a condition is looked at when the room says nothing: for those that turn on time."""
_MOST_NOTES: Final = 50_000
"""Segments kept of one call: far beyond an hour's; later ones are dropped."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CallOptions:
    """`kept_s`: seconds of the agent's sound to keep, not only measure."""

    microphone_hz: int = 16_000
    speaker_hz: int = 24_000
    kept_s: float = 0.0
    timeout_s: float = 15.0


@dataclass(frozen=True)
class Segment:
    """A LiveKit transcription segment; the last one with an id is the valid one."""

    who: Literal["caller", "agent"]
    id: str
    text: str
    is_final: bool
    received_at: float


class Caller:
    """`async with Caller(ws_url, token) as caller:` joins, and leaves in every case.

    Public fields are read-only for others: `agent_sound`, the same by track in `agent_tracks`,
    `segments`, `turns` by index, `agent_states` as (moment, state), `joined_at`,
    `agent_joined_at`, `agent_track_at`, `disconnect_reason`.
    """

    def __init__(self, ws_url: str, token: str, options: CallOptions | None = None) -> None:
        self._ws_url = ws_url
        self._token = token
        self._options = options or CallOptions()
        self._room = rtc.Room()
        self._microphone = Microphone(self._options.microphone_hz)
        self._streams: dict[str, rtc.AudioStream] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._failure: BaseException | None = None
        self._changed = asyncio.Event()
        self.agent_sound = self._new_recording()
        self.agent_tracks: dict[str, Recording] = {}
        self.segments: list[Segment] = []
        self.turns: dict[int, Turn] = {}
        self.agent_states: list[tuple[float, str]] = []
        self.connect_started_at: float | None = None
        self.joined_at: float | None = None
        self.agent_joined_at: float | None = None
        self.agent_track_at: float | None = None
        self.agent_identity: str | None = None
        self.disconnect_reason: str | None = None

    async def __aenter__(self) -> Self:
        try:
            await self.connect()
        except BaseException:
            await self.leave()
            raise
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.leave()

    @property
    def agent_state(self) -> str | None:
        """The last `lk.agent.state` seen."""
        return self.agent_states[-1][1] if self.agent_states else None

    @property
    def overruns(self) -> int:
        """Times the machine held the microphone up so long that sound was lost."""
        return self._microphone.overruns

    async def connect(self) -> None:
        """Join and publish the microphone. Raises CallerError; `leave` is due also then."""
        self._listen_to_room()
        self.connect_started_at = time.monotonic()
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        try:
            async with asyncio.timeout(self._options.timeout_s):
                await self._room.connect(self._ws_url, self._token)
                self.joined_at = time.monotonic()
                for participant in self._room.remote_participants.values():
                    self._note_participant(participant)
                await self._room.local_participant.publish_track(
                    self._microphone.create_track(), options
                )
        except TimeoutError as exc:
            raise CallTimeout(f"{self._ws_url}: not joined in time") from exc
        except (rtc.ConnectError, rtc.participant.PublishTrackError) as exc:
            raise CallerError(f"{self._ws_url}: {exc.message}") from exc
        self._start(self._microphone.run())

    async def play(self, clip: Clip) -> PlayedSpan:
        """Speak a clip in real time. Raises CallEnded when the call is over before its end."""
        playing = asyncio.ensure_future(self._microphone.play(clip))
        try:
            await self.wait_for(
                playing.done,
                what=f"the end of {clip.name}",
                timeout_s=clip.duration_s + self._options.timeout_s,
            )
            return playing.result()
        finally:
            playing.cancel()

    async def say_text(self, text: str) -> None:
        """Send a typed message, as a chat box in the room does."""
        async with asyncio.timeout(self._options.timeout_s):
            await self._room.local_participant.send_text(text, topic=CHAT_TOPIC)

    async def wait_for(
        self, condition: Callable[[], T | None], *, what: str, timeout_s: float
    ) -> T:
        """Wait until `condition()` is truthy and return that.

        Raises CallTimeout naming `what`, CallEnded when the call is over first.
        """
        deadline = time.monotonic() + timeout_s
        while not (value := condition()):
            if self._failure is not None:
                raise CallerError(f"the call broke: {self._failure}") from self._failure
            if self.disconnect_reason is not None:
                raise CallEnded(self.disconnect_reason)
            if time.monotonic() > deadline:
                raise CallTimeout(f"{what}: not within {timeout_s:g} s")
            self._changed.clear()
            try:
                async with asyncio.timeout(_POLL_S):
                    await self._changed.wait()
            except TimeoutError:
                continue
        return value

    async def leave(self) -> None:
        """Leave and release everything; safe to call twice, and after the room closed by itself.

        The room is always disconnected: a process that ends while in one aborts inside the SDK.
        """
        await stop_tasks(self._tasks)
        for stream in list(self._streams.values()):
            await stream.aclose()
        self._streams.clear()
        try:
            async with asyncio.timeout(_CLOSE_TIMEOUT_S):
                await self._room.disconnect()
        except TimeoutError:
            _log.warning("caller.leave_timed_out")
        await self._microphone.aclose()

    def _listen_to_room(self) -> None:
        self._room.on("participant_connected", self._note_participant)
        self._room.on("track_subscribed", self._on_track)
        self._room.on("track_unsubscribed", self._on_track_gone)
        self._room.on("transcription_received", self._on_transcription)
        self._room.on("participant_attributes_changed", self._on_attributes)
        self._room.on("data_received", self._on_data)
        self._room.on("disconnected", self._on_disconnected)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._on_task_done)

    def _on_task_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._failure = task.exception()
            self._changed.set()

    def _note_participant(self, participant: rtc.RemoteParticipant) -> None:
        if self.agent_joined_at is None:
            self.agent_joined_at = time.monotonic()
        self.agent_identity = participant.identity
        self._on_attributes(dict(participant.attributes), participant)
        self._changed.set()

    def _on_track(
        self, track: rtc.Track, _: rtc.RemoteTrackPublication, __: rtc.RemoteParticipant
    ) -> None:
        if track.kind == rtc.TrackKind.KIND_AUDIO:
            stream = rtc.AudioStream(
                track,
                sample_rate=self._options.speaker_hz,
                frame_size_ms=10,
                # A reader that fell behind by a minute has lost its purpose: the oldest go.
                capacity=6000,
            )
            self.agent_track_at = self.agent_track_at or time.monotonic()
            self._streams[track.sid] = stream
            own = self.agent_tracks.setdefault(track.sid, self._new_recording())
            self._start(self._record(stream, own))

    def _on_track_gone(
        self, track: rtc.Track, _: rtc.RemoteTrackPublication, __: rtc.RemoteParticipant
    ) -> None:
        # WebRTC gives the next track the place of one that is gone: its stream would hear both.
        if (stream := self._streams.pop(track.sid, None)) is not None:
            self._start(stream.aclose())

    async def _record(self, stream: rtc.AudioStream, own: Recording) -> None:
        async for event in stream:
            samples = np.frombuffer(event.frame.data, dtype=np.int16)
            now = time.monotonic()
            self.agent_sound.add(samples, now)
            own.add(samples, now)
            self._changed.set()

    def _new_recording(self) -> Recording:
        return Recording(self._options.speaker_hz, kept_s=self._options.kept_s)

    def _on_transcription(
        self,
        segments: list[rtc.TranscriptionSegment],
        participant: rtc.Participant | None,
        _: rtc.TrackPublication | None,
    ) -> None:
        own = self._room.local_participant.identity
        who: Literal["caller", "agent"] = (
            "caller" if participant is not None and participant.identity == own else "agent"
        )
        now = time.monotonic()
        if len(self.segments) < _MOST_NOTES:
            self.segments += [Segment(who, s.id, s.text, s.final, now) for s in segments]
        self._changed.set()

    def _on_attributes(self, changed: dict[str, str], participant: rtc.Participant) -> None:
        if STATE_ATTRIBUTE in changed and participant.identity == self.agent_identity:
            self.agent_states.append((time.monotonic(), changed[STATE_ATTRIBUTE]))
            self._changed.set()

    def _on_data(self, packet: rtc.DataPacket) -> None:
        if packet.topic != TURN_TOPIC:
            return
        try:
            turn = parse_turn(packet.data)
        except CallerError as exc:
            self._failure = exc
        else:
            self.turns[turn.turn_index] = turn
        self._changed.set()

    def _on_disconnected(self, reason: rtc.DisconnectReason.ValueType) -> None:
        self.disconnect_reason = rtc.DisconnectReason.Name(reason)
        self._changed.set()
