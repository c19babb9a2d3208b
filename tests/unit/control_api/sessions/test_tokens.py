"""The room that a create makes is the one that the caller's token would make."""

from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import jwt
from google.protobuf.json_format import ParseDict
from livekit.api import RoomConfiguration

from control_api.sessions.tokens import caller_token, room_ahead
from core.setting_groups import LiveKitSettings
from store.records import SessionId, SessionRecord
from store.summons import Summons

LIVEKIT = LiveKitSettings()
SESSION = cast(SessionRecord, SimpleNamespace(id=SessionId(UUID(int=7)), room_name="voice-7"))
WAITS_S = 20


def told(room: Any) -> tuple[int, int, int, str]:
    """What a room is made with, but for whom its agent is to wait and how long it stays empty."""
    (agent,) = room.agents
    return room.departure_timeout, room.max_participants, len(room.agents), agent.agent_name


def test_a_room_made_ahead_is_empty_for_as_long_only_as_its_agent_waits() -> None:
    token = caller_token(SESSION, LIVEKIT, rejoin_grace_s=12.5)
    claims = jwt.decode(token, options={"verify_signature": False})
    by_token = ParseDict(claims["roomConfig"], RoomConfiguration())
    summons = Summons(SESSION.id, waits_s=WAITS_S)

    ahead = room_ahead(SESSION, summons, LIVEKIT, rejoin_grace_s=12.5)

    assert told(ahead) == told(by_token)
    assert (ahead.name, ahead.empty_timeout) == (SESSION.room_name, WAITS_S)
    assert Summons.read(ahead.agents[0].metadata) == summons
    assert Summons.read(by_token.agents[0].metadata) == Summons(SESSION.id)
