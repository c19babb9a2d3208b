"""The live list over HTTP: told of what begins, changes and ends, and when to list anew."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import pytest

from control_api.events import list_hub
from store import listener
from store.records import EndReason, NewSession, NewTurn, SessionId, TenantId, TurnId
from store.sessions import SessionRepository
from store.turns import TurnRepository
from tests.eventually import eventually
from tests.integration.api import SESSIONS, Api, running_api
from tests.integration.rows import create_session
from tests.integration.sse import Message, Stream, stream
from tests.servers import ApiProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")

URL = f"{SESSIONS}/events"
LIST = Message(None, "list", {})


async def told(events: Stream, *, status: str, turn_count: int = 0) -> dict[str, Any]:
    """The next session that is told as it is then; earlier states of it may come before."""
    async with asyncio.timeout(60.0):
        while (message := await events.next()) is not None:
            if message.event == "session":
                session: dict[str, Any] = message.data
                if (session["status"], session["turn_count"]) == (status, turn_count):
                    return session
    raise AssertionError("the stream ended")


async def test_a_session_is_told_of_when_it_begins_gains_a_turn_and_ends(api: Api) -> None:
    async with stream(api.http, URL, api.key) as events:
        assert events.response.headers["Content-Type"] == "text/event-stream"
        assert await events.next() == LIST
        created = (await api.create()).json
        session_id = SessionId(UUID(created["id"]))
        assert (await told(events, status="created"))["id"] == created["id"]
        async with api.database.connection() as connection:
            await SessionRepository(connection).mark_active(session_id, {})
        await told(events, status="active")
        turn = NewTurn(
            id=TurnId(uuid4()), turn_index=0, user_transcript="Tea?", agent_response="Yes."
        )
        async with api.database.connection() as connection:
            await TurnRepository(connection).add_turn(session_id, turn)
        await told(events, status="active", turn_count=1)
        async with api.database.connection() as connection:
            await SessionRepository(connection).end_session(session_id, EndReason.CALLER_HANGUP)
        last = await told(events, status="completed", turn_count=1)

    assert last == (await api.get(f"{SESSIONS}/{created['id']}")).json


async def test_another_process_tells_of_it_too(api: Api, api_env: dict[str, str]) -> None:
    async with running_api(api_env) as other, stream(other.http, URL, api.key) as events:
        assert await events.next() == LIST
        created = (await api.create()).json

        assert (await told(events, status="created"))["id"] == created["id"]


async def test_another_tenants_sessions_are_not_told_of(api: Api) -> None:
    other = await api.for_new_tenant()
    async with stream(api.http, URL, api.key) as events, stream(api.http, URL, other.key) as theirs:
        assert await events.next() == await theirs.next() == LIST
        await api.create()
        created = (await other.create()).json

        assert (await told(theirs, status="created"))["id"] == created["id"]


async def test_who_cannot_be_told_of_everything_lists_anew(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_hub, "MOST_WAITING", 2)
    async with stream(api.http, URL, api.key) as events:
        assert await events.next() == LIST
        async with api.database.transaction() as connection:
            for _ in range(8):
                await create_session(connection, new_session(api.tenant_id))

        assert await events.next() == LIST


def new_session(tenant_id: TenantId) -> NewSession:
    return NewSession(
        id=SessionId(uuid4()), tenant_id=tenant_id, config={}, room_name=f"voice-{uuid4().hex}"
    )


async def test_a_lost_connection_to_the_database_makes_clients_list_anew(
    dsn: str, api_env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "RETRY_WAIT_S", 0.05)
    env = {**api_env, "DATABASE_URL": dsn}
    async with running_api(env) as api, stream(api.http, URL, api.key) as events:
        assert await events.next() == LIST
        async with api.database.connection() as connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        async with asyncio.timeout(60.0):
            assert await events.next() == LIST

        created = (await api.create()).json
        assert (await told(events, status="created"))["id"] == created["id"]


async def test_a_quiet_stream_shows_that_it_lives(api_env: dict[str, str]) -> None:
    env = {**api_env, "EVENTS_COMMENT_INTERVAL_S": "0.05"}
    async with running_api(env) as api, stream(api.http, URL, api.key) as events:
        assert await events.next() == LIST
        assert await events.next() == Message(None, ": still here")


async def test_streams_are_bounded_and_given_back(api_env: dict[str, str]) -> None:
    env = {**api_env, "EVENTS_MAX_STREAMS": "1", "EVENTS_COMMENT_INTERVAL_S": "0.05"}
    async with running_api(env) as api:
        async with stream(api.http, URL, api.key) as events:
            assert await events.next() == LIST
            refused = await api.get(URL)
        assert (refused.status, refused.code) == (503, "service_unavailable")

        async def is_let_in() -> bool:
            async with stream(api.http, URL, api.key) as events:
                return events.response.status == 200

        await eventually(is_let_in, what="the place is given back")


async def test_a_process_that_stops_ends_its_streams(api: Api, api_env: dict[str, str]) -> None:
    process = await ApiProcess.start(api_env)
    try:
        url = f"{process.url}{URL}"
        async with aiohttp.ClientSession() as http, stream(http, url, api.key) as events:
            assert await events.next() == LIST
            process.process.terminate()
            async with asyncio.timeout(60.0):
                assert await events.next() is None
    finally:
        process.process.stop()


async def test_it_needs_a_key_and_is_no_session(api: Api) -> None:
    nobody = await api.get(URL, headers={"Authorization": None})
    ended = await api.send("DELETE", URL)

    assert nobody.status == 401
    assert (ended.status, ended.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert (await api.get(f"{URL}/events")).status == 404
