"""Whether the caller is in the room, reached or gone, and which of their tracks to listen to."""

import asyncio
from collections.abc import Callable

from livekit import rtc


class Presence:
    """Follows one participant of a room by identity.

    `on_track` is called with the track to listen to whenever that is another one: their
    microphone, else the latest; None when there is none any more, as when they have left.
    """

    def __init__(
        self,
        room: rtc.Room,
        identity: str,
        *,
        on_track: Callable[[rtc.RemoteAudioTrack | None], None],
    ) -> None:
        self._room = room
        self._identity = identity
        self._on_track = on_track
        self._is_here = asyncio.Event()
        self._is_gone = asyncio.Event()
        self._is_reached = asyncio.Event()
        self._tracks: dict[str, tuple[rtc.RemoteAudioTrack, bool]] = {}
        self._heard = ""
        self.has_hung_up = False
        """Whether they left on purpose when they left last; a lost connection is no hang-up."""
        room.on("participant_connected", self._joined)
        room.on("participant_active", self._active)
        room.on("participant_disconnected", self._left)
        room.on("track_subscribed", self._subscribed)
        room.on("track_unsubscribed", self._unsubscribed)

    def look(self) -> None:
        """Take in who is there already; call once the room is connected."""
        participant = self._room.remote_participants.get(self._identity)
        if participant is None:
            self._is_gone.set()
            return
        self._joined(participant)
        for publication in participant.track_publications.values():
            if isinstance(publication.track, rtc.RemoteAudioTrack):
                self._subscribed(publication.track, publication, participant)

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

    async def reached(self) -> None:
        """Wait until the caller's connection is up: what is sent comes to them."""
        await self._is_reached.wait()

    @property
    def is_reached(self) -> bool:
        """Whether the caller's connection is up."""
        return self._is_reached.is_set()

    @property
    def has_track(self) -> bool:
        """Whether there is sound of theirs to listen to."""
        return bool(self._tracks)

    def _joined(self, participant: rtc.RemoteParticipant) -> None:
        if participant.identity == self._identity:
            self.has_hung_up = False
            self._is_here.set()
            self._is_gone.clear()
            self._active(participant)

    def _active(self, participant: rtc.RemoteParticipant) -> None:
        is_active = participant.state == rtc.ParticipantState.PARTICIPANT_STATE_ACTIVE
        if participant.identity == self._identity and is_active:
            self._is_reached.set()

    def _left(self, participant: rtc.RemoteParticipant) -> None:
        if participant.identity != self._identity:
            return
        deliberate = rtc.DisconnectReason.CLIENT_INITIATED
        self.has_hung_up = participant.disconnect_reason == deliberate
        self._is_here.clear()
        self._is_reached.clear()
        self._is_gone.set()
        self._tracks.clear()
        self._choose()

    def _subscribed(
        self,
        track: rtc.Track,
        publication: rtc.RemoteTrackPublication,
        participant: rtc.RemoteParticipant,
    ) -> None:
        if participant.identity == self._identity and isinstance(track, rtc.RemoteAudioTrack):
            is_microphone = publication.source == rtc.TrackSource.SOURCE_MICROPHONE
            self._tracks[publication.sid] = (track, is_microphone)
            self._choose()

    def _unsubscribed(
        self,
        _track: rtc.Track,
        publication: rtc.RemoteTrackPublication,
        participant: rtc.RemoteParticipant,
    ) -> None:
        if participant.identity == self._identity:
            self._tracks.pop(publication.sid, None)
            self._choose()

    def _choose(self) -> None:
        """The latest microphone, else the latest track: a client may share other sound, too."""
        sids = list(self._tracks)
        microphones = [sid for sid in sids if self._tracks[sid][1]]
        chosen = (microphones or sids or [""])[-1]
        if chosen != self._heard:
            self._heard = chosen
            self._on_track(self._tracks[chosen][0] if chosen else None)
