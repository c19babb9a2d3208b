"""A caller publishes sound and nothing else.

Some clients publish a microphone without saying that it is one, so the caller's token lets in what
has no source; a picture without a source gets in by that, too. Who publishes one may from then on
publish only what is said to be a microphone, and LiveKit takes the picture out.
"""

import asyncio
import logging
from typing import Final

from livekit import rtc
from livekit.agents import JobContext
from livekit.api import UpdateParticipantRequest
from livekit.protocol.models import ParticipantPermission, TrackSource

from agent.server_calls import granted

log = logging.getLogger(__name__)

MICROPHONE_ONLY: Final = ParticipantPermission(
    can_subscribe=True,
    can_publish=True,
    can_publish_data=True,
    can_publish_sources=[TrackSource.MICROPHONE],
)


class SoundOnly:
    """Watches one participant's tracks; `close` it."""

    def __init__(self, job: JobContext, caller: str) -> None:
        self._job = job
        self._caller = caller
        self._narrowing: asyncio.Task[None] | None = None
        job.room.on("track_published", self._published)

    def look(self) -> None:
        """Take in what is published already; call once the room is connected."""
        participant = self._job.room.remote_participants.get(self._caller)
        if participant is not None:
            for publication in participant.track_publications.values():
                self._published(publication, participant)

    def close(self) -> None:
        """Watch no more."""
        if self._narrowing is not None:
            self._narrowing.cancel()

    def _published(
        self, publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant
    ) -> None:
        is_picture = publication.kind == rtc.TrackKind.KIND_VIDEO
        if participant.identity == self._caller and is_picture and self._narrowing is None:
            self._narrowing = asyncio.create_task(self._narrow(), name="sound-only")

    async def _narrow(self) -> None:
        wanted = UpdateParticipantRequest(
            room=self._job.job.room.name, identity=self._caller, permission=MICROPHONE_ONLY
        )
        narrowing = self._job.api.room.update_participant(wanted)
        if await granted(narrowing, refused="caller.picture_stays"):
            log.warning("caller.picture_taken_out")
