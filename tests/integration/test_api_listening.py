"""Listening in over HTTP: who may, and what the token is good for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from livekit import rtc

from store.records import SessionId
from store.sessions import SessionRepository
from tests.eventually import eventually
from tests.integration.api import SESSIONS, Answer, Api
from tests.servers import LiveKitServer

pytestmark = pytest.mark.asyncio(loop_scope="session")


def path_of(session: dict[str, Any]) -> str:
    return f"{SESSIONS}/{session['id']}/listen"


async def listen(api: Api, path: str) -> Answer:
    return await api.send("POST", path, headers={"Authorization": f"Bearer {api.token()}"})


@asynccontextmanager
async def joined(url: str, token: str) -> AsyncIterator[rtc.Room]:
    room = rtc.Room()
    await room.connect(url, token)
    try:
        yield room
    finally:
        await room.disconnect()


@asynccontextmanager
async def under_way(api: Api, livekit: LiveKitServer) -> AsyncIterator[dict[str, Any]]:
    """An active session with its caller in the room."""
    session = (await api.create()).json
    async with api.database.connection() as connection:
        await SessionRepository(connection).mark_active(SessionId(UUID(session["id"])), {})
    async with joined(livekit.url, session["token"]) as room:
        yield {**session, "room": room}


async def test_the_token_hears_one_room_unseen_and_may_say_nothing(
    api: Api, livekit_server: LiveKitServer
) -> None:
    async with under_way(api, livekit_server) as session:
        answer = await listen(api, path_of(session))
        async with joined(livekit_server.url, answer.json["token"]) as listener:

            async def sees_the_caller() -> bool:
                return f"caller-{session['id']}" in listener.remote_participants

            await eventually(sees_the_caller, what="the listener is in the room")
            assert session["room"].remote_participants == {}

    assert (answer.status, list(answer.json)) == (201, ["ws_url", "token"])
    assert answer.json["ws_url"] == "wss://livekit.example.com"
    claims = jwt.decode(answer.json["token"], livekit_server.secret, algorithms=["HS256"])
    assert claims["sub"].startswith("listener-")
    assert claims["exp"] - claims["nbf"] == 60
    assert "roomConfig" not in claims
    assert claims["video"] == {
        "roomJoin": True,
        "room": session["config"]["livekit_room"],
        "hidden": True,
        "canPublish": False,
        "canPublishData": False,
        "canSubscribe": True,
        "canUpdateOwnMetadata": False,
    }


async def test_a_session_that_is_not_under_way_cannot_be_listened_to(api: Api) -> None:
    created = (await api.create()).json
    empty = (await api.create()).json
    async with api.database.connection() as connection:
        await SessionRepository(connection).mark_active(SessionId(UUID(empty["id"])), {})
    ended = (await api.create()).json
    await api.send("DELETE", f"{SESSIONS}/{ended['id']}")

    for session in (created, empty, ended):
        answer = await listen(api, path_of(session))
        assert (answer.status, answer.code) == (409, "conflict")


async def test_listening_takes_a_manager_or_a_key_with_the_scope(
    api: Api, livekit_server: LiveKitServer
) -> None:
    listening = await api.new_key(permissions="llm", scopes="sessions:listen")
    other = await api.for_new_tenant()
    async with under_way(api, livekit_server) as session:
        statuses = [
            (await api.send("POST", path_of(session), headers={"Authorization": who})).status
            for who in (
                f"Bearer {api.key}",
                f"Bearer {api.token(role='admin')}",
                f"Bearer {api.token(role='agent')}",
                f"Bearer {listening}",
                f"Bearer {other.key}",
                f"Bearer {other.token()}",
                None,
            )
        ]
        unknown = await listen(api, f"{SESSIONS}/{uuid4()}/listen")

    assert statuses == [403, 201, 403, 201, 403, 404, 401]
    assert unknown.status == 404
