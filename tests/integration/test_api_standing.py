"""Streams end with the right to follow them, wherever it was taken away."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from control_api.events import standing
from store.keys import KeyRepository
from store.records import SessionId
from store.sessions import SessionRepository
from tests.integration.api import SESSIONS, Api
from tests.integration.sse import Stream, stream

pytestmark = pytest.mark.asyncio(loop_scope="session")

SOON_S = standing.EVERY_S + 28.0
TakeAway = Callable[[Api, str], Awaitable[None]]


async def new_session(api: Api) -> str:
    session_id: str = (await api.create()).json["id"]
    async with api.database.connection() as connection:
        await SessionRepository(connection).mark_active(SessionId(UUID(session_id)), {})
    return session_id


async def key_id_of(api: Api, plaintext: str) -> str:
    async with api.database.connection() as connection:
        return str((await KeyRepository(connection).use(plaintext)).key.id)


async def revoke(api: Api, key: str) -> None:
    path = f"/api/v1/keys/{await key_id_of(api, key)}"
    assert (await by_owner(api, "DELETE", path)) == 204


async def rotate(api: Api, key: str) -> None:
    path = f"/api/v1/keys/{await key_id_of(api, key)}/rotate"
    assert (await by_owner(api, "POST", path)) == 200


async def switch_off(api: Api, key: str) -> None:
    async with api.database.connection() as connection:
        ids = UUID(await key_id_of(api, key))
        await connection.execute("UPDATE api_keys SET is_active = false WHERE id = $1", ids)


async def expire(api: Api, key: str) -> None:
    async with api.database.connection() as connection:
        ids = UUID(await key_id_of(api, key))
        await connection.execute("UPDATE api_keys SET expires_at = now() WHERE id = $1", ids)


async def by_owner(api: Api, method: str, path: str) -> int:
    headers = {"Authorization": f"Bearer {api.token()}"}
    return (await api.send(method, path, headers=headers)).status


async def is_over(events: Stream) -> bool:
    """Whether it ends, and in the way in which streams end."""
    async with asyncio.timeout(SOON_S):
        while await events.next() is not None:
            pass
    return True


@pytest.mark.parametrize("take_away", [revoke, rotate, switch_off, expire])
async def test_streams_do_not_outlive_their_key(api: Api, take_away: TakeAway) -> None:
    url = f"{SESSIONS}/{await new_session(api)}/events"
    key = await api.new_key()
    async with (
        stream(api.http, url, key) as events,
        stream(api.http, f"{SESSIONS}/events", key) as changes,
        stream(api.http, url, api.key) as others,
    ):
        await take_away(api, key)
        assert await is_over(events)
        assert await is_over(changes)
        assert not others.response.content.at_eof()

    again = await api.get(url, headers={"Authorization": f"Bearer {key}"})
    assert again.status == 401


async def test_streams_do_not_outlive_their_token(api: Api) -> None:
    url = f"{SESSIONS}/{await new_session(api)}/events"
    token = api.token(exp=datetime.now(UTC) + timedelta(seconds=8))
    async with stream(api.http, url, token) as events, stream(api.http, url, api.token()) as others:
        assert events.response.status == 200
        began_at = time.monotonic()
        assert await is_over(events)
        assert time.monotonic() - began_at > 1
        assert not others.response.content.at_eof()
