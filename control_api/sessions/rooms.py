"""LiveKit's server API, as far as the API needs it."""

import asyncio
import math
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Self

import aiohttp
from aiohttp import web
from livekit.api import (
    CreateAgentDispatchRequest,
    CreateRoomRequest,
    DeleteRoomRequest,
    ListParticipantsRequest,
    ListRoomsRequest,
    LiveKitAPI,
    ParticipantInfo,
    RoomParticipantIdentity,
    TwirpError,
    TwirpErrorCode,
)

from core.errors import LiveKitUnavailable
from core.setting_groups import LiveKitSettings
from store.holds import ALIVE_ATTRIBUTE
from store.records import SessionId
from store.summons import Summons

# No room has this name: only whether the server answers, and takes our key, is of interest.
_NO_ROOM: Final = "vaarta-is-livekit-there"
_KNOWN_FOR_S: Final = 0.25
"""After it has answered LiveKit is taken to be there, unless something fails; a create need not ask
again what others just asked."""


@dataclass(frozen=True, slots=True)
class Present:
    """The participants of a room. `sign_of_life` is what an agent that has lost the database
    shows: another text every second, empty where there is none."""

    identities: frozenset[str]
    has_agent: bool
    sign_of_life: str = ""

    def has(self, identity: str) -> bool:
        """Whether the participant is there."""
        return identity in self.identities


class Rooms:
    """The rooms of one LiveKit server; `open` it, it closes itself at the end of the block."""

    def __init__(self, api: LiveKitAPI, timeout_s: float) -> None:
        self._api = api
        self._timeout_s = timeout_s
        self._asked_at = -math.inf
        """When it was asked what it answered last, on the loop's clock."""

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: LiveKitSettings) -> AsyncIterator[Self]:
        """A client whose every call is bounded by the settings' timeout."""
        api = LiveKitAPI(settings.url, settings.api_key, settings.api_secret.get_secret_value())
        try:
            yield cls(api, settings.timeout_s)
        finally:
            await api.aclose()

    async def check(self) -> None:
        """One cheap, signed call, or that one was answered a moment ago. Raises
        `LiveKitUnavailable`."""
        if asyncio.get_running_loop().time() - self._asked_at < _KNOWN_FOR_S:
            return
        async with self._answered():
            await self._api.room.list_rooms(ListRoomsRequest(names=[_NO_ROOM]))

    async def make(self, room: CreateRoomRequest) -> None:
        """Make a room, and what it is to be made with. Raises `LiveKitUnavailable`."""
        async with self._answered():
            await self._api.room.create_room(room)

    async def delete(self, room_name: str) -> None:
        """Send everyone out; a room that is not there is fine. Raises `LiveKitUnavailable`."""
        async with self._answered():
            await self._api.room.delete_room(DeleteRoomRequest(room=room_name))

    async def put_out(self, room_name: str, identity: str) -> None:
        """Send one participant out; who is not there is fine. Raises `LiveKitUnavailable`."""
        async with self._answered():
            whom = RoomParticipantIdentity(room=room_name, identity=identity)
            await self._api.room.remove_participant(whom)

    async def publishers(self, room_names: Collection[str]) -> dict[str, int]:
        """Room → about how many publish sound, of the rooms that are there; the number is late.

        Raises `LiveKitUnavailable`.
        """
        found: dict[str, int] = {}
        if room_names:
            async with self._answered():
                listed = await self._api.room.list_rooms(ListRoomsRequest(names=room_names))
                found = {room.name: room.num_publishers for room in listed.rooms}
        return found

    async def participants(self, room_name: str) -> Present:
        """Who is in the room, nobody when there is none. Raises `LiveKitUnavailable`."""
        present: list[ParticipantInfo] = []
        async with self._answered():
            listed = await self._api.room.list_participants(ListParticipantsRequest(room=room_name))
            present.extend(listed.participants)
        agents = [one for one in present if one.kind == ParticipantInfo.AGENT]
        signs = [one.attributes.get(ALIVE_ATTRIBUTE, "") for one in agents]
        return Present(
            frozenset(one.identity for one in present),
            has_agent=bool(agents),
            sign_of_life="".join(signs),
        )

    async def dispatch(
        self, room_name: str, session_id: SessionId, agent_name: str, *, seat: int = 0
    ) -> str:
        """Send for an agent; a room that is gone needs none. `have_taken` knows it by the id.

        Raises `LiveKitUnavailable`.
        """
        summons = Summons(session_id, seat)
        wanted = CreateAgentDispatchRequest(
            agent_name=agent_name, room=room_name, metadata=summons.written()
        )
        async with self._answered():
            return (await self._api.agent_dispatch.create_dispatch(wanted)).id
        return ""

    async def have_taken(self, room_name: str, dispatch_ids: Collection[str]) -> bool:
        """Whether a worker has taken one of the dispatches. LiveKit offers each to one, which may
        not be there any more, and to another only ten seconds later.

        Raises `LiveKitUnavailable`.
        """
        async with self._answered():
            found = await self._api.agent_dispatch.list_dispatch(room_name)
            return any(one.state.jobs for one in found if one.id in dispatch_ids)
        return False

    @asynccontextmanager
    async def _answered(self) -> AsyncIterator[None]:
        asked_at, self._asked_at = asyncio.get_running_loop().time(), -math.inf
        try:
            async with asyncio.timeout(self._timeout_s):
                yield
        except TwirpError as exc:
            if exc.code != TwirpErrorCode.NOT_FOUND:
                raise LiveKitUnavailable(f"refused: {exc.code}") from exc
        except (aiohttp.ClientError, OSError) as exc:
            raise LiveKitUnavailable(type(exc).__name__) from exc
        self._asked_at = asked_at


ROOMS: Final = web.AppKey("rooms", Rooms)
