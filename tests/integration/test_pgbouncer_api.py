"""The API on a real PgBouncer in transaction mode, its listener past it."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from store.events import EventKind, EventRepository, NewEvent
from store.records import SessionId
from store.sessions import SessionRepository
from tests.conftest import missing
from tests.eventually import eventually
from tests.integration.api import JWT_SECRET, SESSIONS, Api, running_api
from tests.integration.receiver import Receiver, running_receiver
from tests.integration.sse import Message, Stream, stream
from tests.pgbouncer import pgbouncer
from tests.servers import LiveKitServer, MissingServer


@pytest.fixture
async def api(dsn: str, livekit_server: LiveKitServer) -> AsyncIterator[Api]:
    """Few of the server's connections for many of ours."""
    try:
        async with pgbouncer(dsn, pool_size=3) as address:
            env = {
                **livekit_server.env(),
                "DATABASE_URL": address,
                "DATABASE_LISTEN_URL": dsn,
                "AUTH_JWT_SECRET": JWT_SECRET,
                "API_PORT": "0",
                "METRICS_PORT": "0",
                "WEBHOOK_ALLOW_PRIVATE": "true",
                "REAPER_INTERVAL_S": "0.1",
                "RETENTION_INTERVAL_S": "0.1",
                "RETENTION_AUDIT_DAYS": "1",
            }
            async with running_api(env) as running:
                yield running
    except MissingServer as problem:
        missing(problem)


async def run(api: Api, statement: str, *arguments: object) -> object:
    async with api.database.connection() as connection:
        return await connection.fetchval(statement, *arguments)


async def test_many_requests_at_once_are_served(api: Api) -> None:
    creates = [api.create(system_prompt=f"Caller {n}.") for n in range(8)]
    created = await asyncio.gather(*creates)
    listed = await asyncio.gather(*(api.get(f"{SESSIONS}?limit=3") for _ in range(20)))

    assert {one.status for one in created} == {201}
    assert {one.status for one in listed} == {200}


async def test_a_repeated_create_is_answered_from_the_first(api: Api) -> None:
    options = {"json": {}, "headers": {"Idempotency-Key": uuid4().hex}}
    first, again = [await api.send("POST", SESSIONS, **options) for _ in range(2)]

    assert (first.status, again.status) == (201, 201)
    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"


async def test_streams_hear_of_what_happens(api: Api) -> None:
    async with stream(api.http, f"{SESSIONS}/events", api.key) as changes:
        await heard(changes, "list")
        created = await api.create()
        # Of a change only a notification tells; of an event also a look now and then.
        change = await heard(changes, "session")
    session_id = SessionId(UUID(created.json["id"]))
    async with stream(api.http, f"{SESSIONS}/{session_id}/events", api.key) as events:
        for n in range(3):
            told = [NewEvent(EventKind.TRANSCRIPT, {"text": str(n)})]
            async with api.database.connection() as connection:
                await EventRepository(connection).tell(session_id, told, write_id=uuid4())
            assert (await heard(events, "transcript")).data == {"text": str(n)}

    assert change.data["id"] == created.json["id"]


async def heard(events: Stream, kind: str) -> Message:
    async with asyncio.timeout(60.0):
        while (message := await events.next()) is not None:
            if message.event == kind:
                return message
    raise AssertionError("the stream ended")


async def test_webhooks_go_out(api: Api) -> None:
    async with running_receiver() as receiver:
        created = await api.create(webhook_url=receiver.url)
        ended = await api.send("DELETE", f"{SESSIONS}/{created.json['id']}")
        await eventually(lambda: has_both(receiver), what="two deliveries")

    assert ended.status == 204
    told = [one.event for one in receiver.received]
    assert told == ["voice_session.started", "voice_session.ended"]


async def has_both(receiver: Receiver) -> bool:
    return len(receiver.received) == 2


async def test_sessions_that_nobody_ends_are_reaped_and_what_is_old_is_pruned(api: Api) -> None:
    created = await api.create()
    session_id = SessionId(UUID(created.json["id"]))
    await run(api, "UPDATE sessions SET created_at = now() - interval '2 h'")
    await run(
        api,
        "INSERT INTO audit (tenant_id, at, actor_kind, actor_id, action, resource)"
        " VALUES ($1, now() - interval '2 d', 'cli', 'asha', 'key.create', '')",
        api.tenant_id,
    )

    async def is_done() -> bool:
        async with api.database.connection() as connection:
            record = await SessionRepository(connection).get_for_agent(session_id)
        n_old = await run(api, "SELECT count(*) FROM audit WHERE at < now() - interval '1 d'")
        return str(record.status) == "timeout" and n_old == 0

    await eventually(is_done, what="the reaper's and the pruner's look")
