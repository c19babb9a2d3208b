"""Whether the caller is in the room, and which of their tracks to listen to."""

import asyncio
from collections.abc import Callable

from livekit import rtc


class Presence:
    """Follows one participant of a room by identity.

    `on_track` is called for each of their audio tracks, also after they came back, `on_left`
    each time that they leave.
    """

    def __init__(
        self,
        room: rtc.Room,
        identity: str,
        *,
        on_track: Callable[[rtc.RemoteAudioTrack], None],
        on_left: Callable[[], None],
    ) -> None:
        self._room = room
        self._identity = identity
        self._on_track = on_track
        self._on_left = on_left
        self._is_here = asyncio.Event()
        self._is_gone = asyncio.Event()
        room.on("participant_connected", self._joined)
        room.on("participant_disconnected", self._left)
        room.on("track_subscribed", self._subscribed)

    def look(self) -> None:
        """Take in who is there already; call once the room is connected."""
        participant = self._room.remote_participants.get(self._identity)
        if participant is not None:
            self._joined(participant)
            for publication in participant.track_publications.values():
                if isinstance(publication.track, rtc.RemoteAudioTrack):
                    self._on_track(publication.track)

    @property
    def has_other_agent(self) -> bool:
        """Whether an agent other than this one is in the room."""
        agent = rtc.ParticipantKind.PARTICIPANT_KIND_AGENT
        return any(one.kind == agent for one in self._room.remote_participants.values())

    async def here(self, timeout_s: float) -> bool:
        """Wait until the caller is in the room; False when they did not come in time."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._is_here.wait()
        except TimeoutError:
            return False
        return True

    async def gone(self) -> None:
        """Wait until the caller is not in the room."""
        await self._is_gone.wait()

    def _joined(self, participant: rtc.RemoteParticipant) -> None:
        if participant.identity == self._identity:
            self._is_here.set()
            self._is_gone.clear()

    def _left(self, participant: rtc.RemoteParticipant) -> None:
        if participant.identity == self._identity:
            self._is_here.clear()
            self._is_gone.set()
            self._on_left()

    def _subscribed(
        self,
        track: rtc.Track,
        publication: rtc.RemoteTrackPublication,
        participant: rtc.RemoteParticipant,
    ) -> None:
        if participant.identity == self._identity and isinstance(track, rtc.RemoteAudioTrack):
            self._on_track(track)
