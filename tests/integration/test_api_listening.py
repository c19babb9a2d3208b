"""Listening in over HTTP: who may, and what the token is good for."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from livekit import rtc

from store.keys import KeyRepository
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


async def revoke(api: Api, key: str) -> None:
    async with api.database.connection() as connection:
        keys = KeyRepository(connection)
        await keys.revoke(api.tenant_id, (await keys.use(key)).key.id)


async def wait_for_the_tokens_end(_api: Api, _key: str) -> None:
    """Nothing else is needed."""


@pytest.mark.parametrize("end", [revoke, wait_for_the_tokens_end])
async def test_who_listens_is_sent_out_when_the_right_to_it_ends(
    api: Api, livekit_server: LiveKitServer, end: Callable[[Api, str], Awaitable[None]]
) -> None:
    key = await api.new_key(scopes="sessions:listen")
    async with under_way(api, livekit_server) as session:
        brief = api.token(exp=datetime.now(UTC) + timedelta(seconds=8))
        comes_by = key if end is revoke else brief
        headers = {"Authorization": f"Bearer {comes_by}"}
        given = await api.send("POST", path_of(session), headers=headers)
        stays = await listen(api, path_of(session))
        async with (
            joined(livekit_server.url, given.json["token"]) as listener,
            joined(livekit_server.url, stays.json["token"]) as other,
        ):
            await end(api, key)

            async def is_out() -> bool:
                return not listener.isconnected()

            await eventually(is_out, what="the listener is sent out")
            assert other.isconnected()
            assert session["room"].isconnected()


async def test_nobody_is_remembered_once_the_session_is_over(
    api: Api, livekit_server: LiveKitServer
) -> None:
    async with under_way(api, livekit_server) as session:
        await listen(api, path_of(session))
        await api.send("DELETE", f"{SESSIONS}/{session['id']}")

    async def is_forgotten() -> bool:
        async with api.database.connection() as connection:
            left = await connection.fetchval(
                "SELECT count(*) FROM room_listeners WHERE session_id = $1", UUID(session["id"])
            )
        return bool(left == 0)

    await eventually(is_forgotten, what="its listeners are forgotten")


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
