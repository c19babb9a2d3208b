"""Our side of the room: the agent's track, the text that it shows, the caller that it follows."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from livekit import rtc
from livekit.agents import AutoSubscribe, JobContext

from agent.recording.tape import Tape
from agent.room.attention import Attention
from agent.room.audio import RoomPlayout, publishing
from agent.room.early_sound import EarlySound
from agent.room.keypad import Keypad
from agent.room.lost_room import LostRoom
from agent.room.presence import Presence
from agent.room.sound_only import SoundOnly
from agent.room.text import RoomText
from store.records import SessionRecord

log = logging.getLogger(__name__)

CONNECT_TIMEOUT_S: Final = 10.0
SHOW_TIMEOUT_S: Final = 0.5
TEXT_TOPIC: Final = "lk.chat"
MAX_TEXT_CHARS: Final = 4096


@dataclass(frozen=True, slots=True)
class CallHandlers:
    """What is done with what comes from the caller, and when the room is lost: `on_lost` is told
    whether it was deleted. Else the caller may well still be in there."""

    on_track: Callable[[rtc.RemoteAudioTrack | None], None]
    on_text: Callable[[str], None]
    on_lost: Callable[[bool], None]


class Call:
    """The agent in its room; use `opened`, then `join` and `publish`."""

    def __init__(
        self,
        job: JobContext,
        playout: RoomPlayout,
        track: rtc.LocalAudioTrack,
        text: RoomText,
        *,
        caller: str,
        handlers: CallHandlers,
    ) -> None:
        self.playout = playout
        self.text = text
        self._job = job
        self._track = track
        self._caller = caller
        self._handlers = handlers
        self._has_joined = False
        self._publication: rtc.LocalTrackPublication | None = None
        self._reading: set[asyncio.Task[None]] = set()
        self.presence = Presence(job.room, caller, on_track=self._on_track)
        self._attention = Attention(self.presence)
        self.early_sound = EarlySound(job.room, caller)
        self._sound_only = SoundOnly(job, caller)
        self._keypad = Keypad(job.room, caller, on_typed=handlers.on_text)
        self._lost_room = LostRoom(job.room, lambda: handlers.on_lost(False))
        job.room.on("disconnected", self._on_disconnected)
        job.room.register_text_stream_handler(TEXT_TOPIC, self._on_text)

    @classmethod
    @asynccontextmanager
    async def opened(
        cls,
        job: JobContext,
        record: SessionRecord,
        handlers: CallHandlers,
        tape: Tape | None = None,
    ) -> AsyncIterator["Call"]:
        """Prepare track and text; what is queued for the room is sent on leaving."""
        caller = f"caller-{record.id}"
        config = record.config
        sending = RoomText.opened(
            job.room, caller=caller, language=config["language"], llm_model=config["llm_model"]
        )
        async with RoomPlayout.opened(tape) as (playout, track), sending as text:
            call = cls(job, playout, track, text, caller=caller, handlers=handlers)
            try:
                yield call
            finally:
                call._lost_room.stop()
                call._keypad.close()
                call.early_sound.close()
                call._sound_only.close()
                for task in call._reading:
                    task.cancel()

    async def join(self) -> None:
        """Be in the room and know who is there; once. Raises `TimeoutError`, `ConnectError`."""
        if self._has_joined:
            return
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            await self._job.connect(auto_subscribe=AutoSubscribe.AUDIO_ONLY)
        self._has_joined = True
        self.presence.look()
        self._sound_only.look()

    async def publish(self) -> None:
        """Publish the track in the room that was joined, so that transcripts have a participant to
        belong to; once. Raises `TimeoutError`, `PublishTrackError`."""
        if self._publication is not None:
            return
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            participant = self._job.room.local_participant
            self._publication = await participant.publish_track(self._track, publishing())
        self.text.set_agent_track(self._publication)

    async def show(self, attribute: str, value: str) -> None:
        """Set an attribute of the agent's, in the room for everybody to see; empty takes it away.

        A room that is lost is not told.
        """
        if self._job.room.isconnected():
            with suppress(TimeoutError):
                async with asyncio.timeout(SHOW_TIMEOUT_S):
                    await self._job.room.local_participant.set_attributes({attribute: value})

    async def attended(self, timeout_s: float) -> bool:
        """Wait until the caller hears the agent, or reads it; False when that takes too long."""
        assert self._publication is not None
        return await self._attention.given(self._publication.wait_for_subscription(), timeout_s)

    async def heard_out(self) -> None:
        """Wait until the caller can have heard the last of the agent's sound, or is gone."""
        if self._job.room.isconnected():
            with suppress(TimeoutError):
                async with asyncio.timeout(self.playout.under_way_s):
                    await self.presence.gone()

    def _on_track(self, track: rtc.RemoteAudioTrack | None) -> None:
        if track is not None:
            self.text.set_caller_track(track.sid)
        self._handlers.on_track(track)

    def _on_disconnected(self, reason: rtc.DisconnectReason.ValueType) -> None:
        self._lost_room.stop()
        self._handlers.on_lost(reason == rtc.DisconnectReason.ROOM_DELETED)

    def _on_text(self, reader: rtc.TextStreamReader, identity: str) -> None:
        if identity == self._caller:
            task = asyncio.create_task(self._read(reader), name="caller-text")
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)

    async def _read(self, reader: rtc.TextStreamReader) -> None:
        text = ""
        try:
            async for chunk in reader:
                text += chunk
                if len(text) > MAX_TEXT_CHARS:
                    log.warning("caller.text_too_long")
                    return
        except rtc.StreamError:
            log.warning("caller.text_broken")
            return
        finally:
            reader.close()
        self._handlers.on_text(text)
        self._attention.typed()
