"""The tokens that let people into one room: the caller, who brings the agent, and listeners."""

import math
from datetime import timedelta
from typing import Final
from uuid import uuid4

from livekit.api import (
    AccessToken,
    CreateRoomRequest,
    RoomAgentDispatch,
    RoomConfiguration,
    VideoGrants,
)

from core.setting_groups import LiveKitSettings
from store.records import SessionRecord
from store.summons import Summons

TOKEN_TTL_S: Final = 3600
# A caller who lost the network needs a moment beyond the agent's own patience.
_DEPARTURE_MARGIN_S: Final = 10
# The room is made by the caller's own connection, so nobody is expected much later.
_EMPTY_TIMEOUT_S: Final = 30
# Agents aside: a caller who comes back must find a place beside everybody who listens.
_MAX_PARTICIPANTS: Final = 32
LISTENER_TTL_S: Final = 60
"""To connect in; who is in the room may stay for as long as the session and their right last."""


def caller_token(
    session: SessionRecord,
    livekit: LiveKitSettings,
    *,
    rejoin_grace_s: float,
    traceparent: str = "",
) -> str:
    """A LiveKit JWT for the session's caller: that one room, microphone and data only. A track of
    no source is taken for a microphone; of one that is a picture the agent rids the room.

    The room is configured by it: the agent is dispatched when the caller's connection creates
    the room, and the room outlives a caller who drops off for `rejoin_grace_s`. The agent is told
    the `traceparent` of the request.
    """
    grants = VideoGrants(
        room_join=True,
        room=session.room_name,
        can_publish=True,
        can_publish_sources=["microphone", "unknown"],
        can_subscribe=True,
        can_publish_data=True,
    )
    summons = Summons(session.id, traceparent=traceparent)
    token = AccessToken(livekit.api_key, livekit.api_secret.get_secret_value())
    return (
        token.with_identity(f"caller-{session.id}")
        .with_ttl(timedelta(seconds=TOKEN_TTL_S))
        .with_grants(grants)
        .with_room_config(_room_configuration(summons, livekit, rejoin_grace_s))
        .to_jwt()
    )


def new_listener() -> str:
    """Who somebody is in the room that they hear: each is another participant."""
    return f"listener-{uuid4()}"


def listener_token(session: SessionRecord, livekit: LiveKitSettings, identity: str) -> str:
    """A LiveKit JWT for somebody who hears the session's room, unseen and unable to be heard.

    Neither the caller nor the agent learns of them.
    """
    grants = VideoGrants(
        room_join=True,
        room=session.room_name,
        hidden=True,
        can_publish=False,
        can_publish_data=False,
        can_subscribe=True,
        can_update_own_metadata=False,
    )
    token = AccessToken(livekit.api_key, livekit.api_secret.get_secret_value())
    return (
        token.with_identity(identity)
        .with_ttl(timedelta(seconds=LISTENER_TTL_S))
        .with_grants(grants)
        .to_jwt()
    )


def room_ahead(
    session: SessionRecord, summons: Summons, livekit: LiveKitSettings, *, rejoin_grace_s: float
) -> CreateRoomRequest:
    """The same room, made before its caller connects: LiveKit closes it when they do not come for
    as long as the agent waits. One who comes later makes it anew by their token."""
    made = _room_configuration(summons, livekit, rejoin_grace_s)
    return CreateRoomRequest(
        name=session.room_name,
        empty_timeout=summons.waits_s,
        departure_timeout=made.departure_timeout,
        max_participants=made.max_participants,
        agents=made.agents,
    )


def _room_configuration(
    summons: Summons, livekit: LiveKitSettings, rejoin_grace_s: float
) -> RoomConfiguration:
    dispatch = RoomAgentDispatch(agent_name=livekit.agent_name, metadata=summons.written())
    return RoomConfiguration(
        empty_timeout=_EMPTY_TIMEOUT_S,
        departure_timeout=math.ceil(rejoin_grace_s) + _DEPARTURE_MARGIN_S,
        max_participants=_MAX_PARTICIPANTS,
        agents=[dispatch],
    )
