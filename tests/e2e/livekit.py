"""LiveKit's own view of the rooms."""

from livekit.api import ListParticipantsRequest, ListRoomsRequest, LiveKitAPI
from livekit.protocol.models import TrackType

from tests.e2e.account import Json
from tests.eventually import eventually
from tests.servers import LiveKitServer


async def rooms(server: LiveKitServer, *names: str) -> list[str]:
    """The open ones among `names`, or all."""
    async with LiveKitAPI(server.url, server.key, server.secret) as api:
        found = await api.room.list_rooms(ListRoomsRequest(names=names))
    return [room.name for room in found.rooms]


async def participants(server: LiveKitServer, session: Json) -> list[str]:
    """Identities of those in the session's room."""
    room = session["config"]["livekit_room"]
    async with LiveKitAPI(server.url, server.key, server.secret) as api:
        found = await api.room.list_participants(ListParticipantsRequest(room=room))
    return [participant.identity for participant in found.participants]


async def no_picture(server: LiveKitServer, session: Json) -> None:
    """Until nobody in the session's room publishes one."""
    room = session["config"]["livekit_room"]

    async def is_out() -> bool:
        async with LiveKitAPI(server.url, server.key, server.secret) as api:
            found = await api.room.list_participants(ListParticipantsRequest(room=room))
        tracks = [track for participant in found.participants for track in participant.tracks]
        return not any(track.type == TrackType.VIDEO for track in tracks)

    await eventually(is_out, what="the picture's end")


async def room_is_gone(server: LiveKitServer, session: Json) -> None:
    """Until the session's room is closed."""

    async def is_gone() -> bool:
        return not await rooms(server, session["config"]["livekit_room"])

    await eventually(is_gone, what="the room's end")
