"""What the room is told in text: transcripts, the agent's state and each turn's latencies.

Transcripts go out twice, as LiveKit's own agents do: as transcription segments, which clients
read from `TranscriptionReceived`, and as text streams on `lk.transcription`, which newer
components read. One task sends the texts in order and another the states, so that neither holds
the other up; the conversation never waits for them. While the room's signalling is cut the SDK
sends nothing: what there is to send then waits here, and keeps its order.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from livekit import rtc

from core.supervision import stop_tasks
from pipeline.events import (
    AgentState,
    AgentTranscribed,
    CallerTranscribed,
    Event,
    StateChanged,
    TurnEnded,
)
from pipeline.spending import counts_of

log = logging.getLogger(__name__)

AGENT_STATE_ATTRIBUTE: Final = "lk.agent.state"
TRANSCRIPTION_TOPIC: Final = "lk.transcription"
TURN_TOPIC: Final = "vaarta.turn"
TRACK_PREFIX: Final = "TR_"
NO_TRACK: Final = "TR_none"
"""Where a segment belongs to no track. Clients look the id up and find nothing; without an id, or
with one that does not begin so, LiveKit's Rust core aborts, and their process with it."""
MAX_SENDINGS: Final = 1000
MANY_SENDINGS: Final = 100
"""The room takes them slowly: from here on partial transcripts are dropped, at 1,000 all are."""
SEND_TIMEOUT_S: Final = 5.0
STATE_TIMEOUT_S: Final = 0.25
"""A state is on its way long before. The SDK begins to wait for the server's answer only after it
has sent the request, and now and then misses it; then the next state would be late."""
MAX_STATES: Final = 100
"""Minutes of a conversation; more of them are lost, and said to be."""
FAREWELL_S: Final = 2.0

Sending = Callable[[], Awaitable[None]]


class RoomText:
    """Sends events to the room; use `opened`."""

    def __init__(self, room: rtc.Room, *, caller: str, language: str, llm_model: str) -> None:
        self._room = room
        self._caller = caller
        self._language = language
        self._llm_model = llm_model
        self._agent_track: rtc.LocalTrackPublication | None = None
        self._caller_track_sid = ""
        self._sendings: asyncio.Queue[Sending | None] = asyncio.Queue(MAX_SENDINGS)
        self._states: asyncio.Queue[Sending | None] = asyncio.Queue(MAX_STATES)
        self._may_send = asyncio.Event()
        self._may_send.set()
        room.on("reconnecting", self._may_send.clear)
        room.on("reconnected", self._may_send.set)
        room.on("disconnected", lambda _: self._may_send.set())

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, room: rtc.Room, *, caller: str, language: str, llm_model: str
    ) -> AsyncIterator["RoomText"]:
        """Send in the background; what is queued on leaving is sent first, within two seconds."""
        text = cls(room, caller=caller, language=language, llm_model=llm_model)
        tasks = {
            asyncio.create_task(text._send_all(text._sendings), name="room-text"),
            asyncio.create_task(text._send_all(text._states), name="room-state"),
        }
        try:
            yield text
        finally:
            for queue in (text._sendings, text._states):
                text._queue(None, queue)
            await asyncio.wait(tasks, timeout=FAREWELL_S)
            await stop_tasks(tasks)

    def set_agent_track(self, publication: rtc.LocalTrackPublication) -> None:
        """The published track that the agent's transcripts belong to. The SDK publishes it anew,
        with another id, after it has lost the room for a moment."""
        self._agent_track = publication

    def set_caller_track(self, sid: str) -> None:
        """The caller's microphone; it changes when they come back, and is none ("") for one who
        only types."""
        self._caller_track_sid = sid if sid.startswith(TRACK_PREFIX) else ""

    def show(self, event: Event) -> None:
        """Queue an event for the room."""
        match event:
            case StateChanged(state):
                self._queue(lambda: self._set_state(state), self._states)
            case CallerTranscribed():
                segment = self._segment(event)
                self._transcribe(self._caller, self._caller_track_sid, segment)
            case AgentTranscribed():
                segment = self._segment(event)
                identity = self._room.local_participant.identity
                sid = self._agent_track.sid if self._agent_track is not None else ""
                self._transcribe(identity, sid, segment)
            case TurnEnded():
                payload = json.dumps(self._turn(event), ensure_ascii=False)
                self._queue(lambda: self._publish_turn(payload), self._sendings)

    def _segment(self, event: CallerTranscribed | AgentTranscribed) -> rtc.TranscriptionSegment:
        return rtc.TranscriptionSegment(
            id=event.segment_id,
            text=event.text,
            start_time=0,
            end_time=0,
            language=self._language,
            final=event.is_final,
        )

    def _transcribe(self, identity: str, track_sid: str, segment: rtc.TranscriptionSegment) -> None:
        if not segment.final and self._sendings.qsize() >= MANY_SENDINGS:
            return
        self._queue(lambda: self._publish_segment(identity, track_sid, segment), self._sendings)

    def _queue(self, sending: Sending | None, queue: asyncio.Queue[Sending | None]) -> None:
        try:
            queue.put_nowait(sending)
        except asyncio.QueueFull:
            log.warning("room.text_lost", extra={"error": "queue full"})

    async def _send_all(self, queue: asyncio.Queue[Sending | None]) -> None:
        while (sending := await queue.get()) is not None:
            await self._may_send.wait()
            if not self._room.isconnected():
                continue
            try:
                async with asyncio.timeout(SEND_TIMEOUT_S):
                    await sending()
            except Exception as exc:  # whatever the SDK raises costs this one message only
                log.warning("room.text_lost", extra={"error": type(exc).__name__})

    async def _set_state(self, state: AgentState) -> None:
        participant = self._room.local_participant
        with suppress(TimeoutError):
            async with asyncio.timeout(STATE_TIMEOUT_S):
                await participant.set_attributes({AGENT_STATE_ATTRIBUTE: state.value})

    async def _publish_segment(
        self, identity: str, track_sid: str, segment: rtc.TranscriptionSegment
    ) -> None:
        participant = self._room.local_participant
        await participant.publish_transcription(
            rtc.Transcription(
                participant_identity=identity,
                track_sid=track_sid or NO_TRACK,
                segments=[segment],
            )
        )
        attributes = {
            "lk.segment_id": segment.id,
            "lk.transcription_final": "true" if segment.final else "false",
        }
        if track_sid:
            attributes["lk.transcribed_track_id"] = track_sid
        writer = await participant.stream_text(
            topic=TRANSCRIPTION_TOPIC, sender_identity=identity, attributes=attributes
        )
        await writer.write(segment.text)
        await writer.aclose()

    async def _publish_turn(self, payload: str) -> None:
        await self._room.local_participant.publish_data(payload, reliable=True, topic=TURN_TOPIC)

    def _turn(self, event: TurnEnded) -> dict[str, Any]:
        """The turn as `GET …/transcript` will show it."""
        return {
            "turn_index": event.turn_index,
            "user_transcript": event.user_transcript,
            "agent_response": event.agent_response,
            "interrupted": event.interrupted,
            **asdict(event.latencies),
            "llm_model": self._llm_model,
            "created_at": datetime.now(UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
            "id": event.id,
            "started_at_ms": event.started_at_ms,
            "ended_at_ms": event.ended_at_ms,
            "language": event.language,
            **asdict(event.moments),
            "discarded_answers": event.n_discarded,
            **counts_of(event.used, event.discarded),
            **_acknowledged(event),
        }


def _acknowledged(event: TurnEnded) -> dict[str, int]:
    """Told in the room alone, where it is heard."""
    said_ms = event.acknowledged_ms
    return {} if said_ms is None else {"acknowledged_ms": said_ms}
