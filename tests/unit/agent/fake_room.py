"""A room whose events are made by hand. Callbacks are called as LiveKit's SDK calls them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from livekit import rtc
from livekit.rtc._proto.stats_pb2 import RtcStats
from livekit.rtc.event_emitter import EventEmitter

MICROPHONE = rtc.TrackSource.SOURCE_MICROPHONE
SCREEN_SOUND = rtc.TrackSource.SOURCE_SCREENSHARE_AUDIO
ACTIVE = rtc.ParticipantState.PARTICIPANT_STATE_ACTIVE
JOINED = rtc.ParticipantState.PARTICIPANT_STATE_JOINED
HUNG_UP = rtc.DisconnectReason.CLIENT_INITIATED


class AudioTrack(rtc.RemoteAudioTrack):
    """One of a participant's; no handle of the SDK's behind it."""

    def __init__(self, sid: str) -> None:
        self._sid = sid

    @property
    def sid(self) -> str:
        return self._sid

    def __repr__(self) -> str:
        return self._sid


@dataclass
class Publication:
    sid: str
    source: rtc.TrackSource.ValueType
    track: object
    audio_features: list[int] = field(default_factory=list)


@dataclass
class Participant:
    identity: str
    attributes: dict[str, str] = field(default_factory=dict)
    disconnect_reason: rtc.DisconnectReason.ValueType | None = None
    track_publications: dict[str, Publication] = field(default_factory=dict)
    state: rtc.ParticipantState.ValueType = JOINED


class FakeRoom(EventEmitter[str]):
    """Stands for `rtc.Room`, as `room` is one for who expects it."""

    def __init__(self) -> None:
        super().__init__()
        self.remote_participants: dict[str, Participant] = {}
        self.on_stream: dict[str, Callable[..., Any]] = {}
        self.is_connected = True
        self.packet_at: float | None = None
        """When the last one came; None where the SDK tells of none."""

    async def get_rtc_stats(self) -> rtc.RtcStats:
        pair = RtcStats.CandidatePair()
        pair.rtc.timestamp = round(1e6 * asyncio.get_running_loop().time())
        if self.packet_at is not None:
            pair.candidate_pair.last_packet_received_timestamp = 1e3 * self.packet_at
        return rtc.RtcStats([RtcStats(candidate_pair=pair)], [])

    def isconnected(self) -> bool:
        return self.is_connected

    def register_text_stream_handler(self, topic: str, handler: Callable[..., Any]) -> None:
        self.on_stream[topic] = handler

    def register_byte_stream_handler(self, topic: str, handler: Callable[..., Any]) -> None:
        self.on_stream[topic] = handler

    @property
    def room(self) -> rtc.Room:
        return cast(rtc.Room, self)

    def join(self, identity: str, **attributes: str) -> Participant:
        """Somebody comes in."""
        participant = Participant(identity, attributes)
        self.remote_participants[identity] = participant
        self.emit("participant_connected", participant)
        return participant

    def reach(self, identity: str) -> None:
        """Their connection is up."""
        participant = self.remote_participants[identity]
        participant.state = ACTIVE
        self.emit("participant_active", participant)

    def leave(self, identity: str, reason: rtc.DisconnectReason.ValueType = HUNG_UP) -> None:
        """They are gone, with what LiveKit says of it."""
        participant = self.remote_participants.pop(identity)
        participant.disconnect_reason = reason
        self.emit("participant_disconnected", participant)

    def publish(
        self, identity: str, sid: str, source: rtc.TrackSource.ValueType = MICROPHONE
    ) -> AudioTrack:
        """A track of theirs that is subscribed."""
        track = AudioTrack(sid)
        publication = Publication(sid, source, track)
        participant = self.remote_participants[identity]
        participant.track_publications[sid] = publication
        self.emit("track_subscribed", track, publication, participant)
        return track

    def unpublish(self, identity: str, sid: str) -> None:
        """It is there no more."""
        participant = self.remote_participants[identity]
        publication = participant.track_publications.pop(sid)
        self.emit("track_unsubscribed", publication.track, publication, participant)
