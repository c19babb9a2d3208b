"""What the API tells of itself and of what it sees in the database, as an operator scrapes it."""

import asyncio
import logging
from datetime import timedelta
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY

from control_api.watch.gauges import Gauges
from core.errors import StoreUnavailable
from core.setting_groups import DatabaseSettings
from store.admission import Fleet
from store.pool import Database
from store.records import EndReason
from store.sessions import SessionRepository
from store.workers import WorkerRepository, WorkerSelf
from tests.eventually import eventually
from tests.integration.api import SESSIONS, Api
from tests.integration.rows import new_session
from tests.integration.sse import stream
from tests.integration.webhook_rows import Shop

FLEET = Fleet("vaarta", hold_s=60.0)


def told(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def send_garbage(api: Api) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", api.port)
    writer.write(b"what is this?\r\n\r\n")
    assert b"400 Bad Request" in await reader.read()
    writer.close()
    await writer.wait_closed()


async def test_what_waits_for_a_sender_is_counted_and_how_long_it_has(database: Database) -> None:
    shop = await Shop.opened(database)
    await Gauges(shop.database, FLEET, {}).look()
    assert (told("vaarta_webhooks_due"), told("vaarta_webhook_oldest_due_seconds")) == (0, 0)

    await shop.session("https://example.com/told")
    async with shop.database.connection() as connection:
        await connection.execute(
            "UPDATE webhook_deliveries SET next_attempt_at = now() - $1::interval",
            timedelta(seconds=90),
        )
    await Gauges(shop.database, FLEET, {}).look()

    assert told("vaarta_webhooks_due") == 1
    assert told("vaarta_webhook_oldest_due_seconds") >= 90


async def test_places_of_workers_that_drain_are_none(database: Database) -> None:
    fleet = [
        (uuid4(), "one", 7, "vaarta", 3, 8, False),
        (uuid4(), "two", 7, "vaarta", 8, 8, False),
        (uuid4(), "two", 8, "vaarta", 2, 8, True),
    ]
    async with database.connection() as connection:
        for one in fleet:
            await WorkerRepository(connection).show(WorkerSelf(*one))
    await Gauges(database, FLEET, {}).look()

    assert told("vaarta_fleet_workers", state="taking") == 2
    assert told("vaarta_fleet_workers", state="draining") == 1
    assert (told("vaarta_fleet_sessions"), told("vaarta_fleet_capacity")) == (13, 16)


async def test_a_place_is_used_by_a_session_that_waits_for_its_caller(database: Database) -> None:
    session_id = await new_session(database)
    waiting = "vaarta_fleet_places_used"
    await Gauges(database, FLEET, {}).look()
    assert told(waiting) == 1

    async with database.connection() as connection:
        await SessionRepository(connection).end_session(session_id, EndReason.CALLER_HANGUP)
    await Gauges(database, FLEET, {}).look()

    assert told(waiting) == 0


async def test_sockets_of_the_speech_service_are_told_beside_those_that_it_allows(
    database: Database,
) -> None:
    for _ in range(3):
        await new_session(database)
    await Gauges(database, FLEET, {"tts-ws": 20}).look()

    used, allowed = "vaarta_fleet_speech_sockets", "vaarta_fleet_speech_sockets_allowed"
    assert [told(used, service=one) for one in ("stt-ws", "tts-ws")] == [3, 6]
    assert told(allowed, service="tts-ws") == 20
    assert REGISTRY.get_sample_value(allowed, {"service": "stt-ws"}) is None


async def test_waiting_for_a_connection_is_measured(dsn: str) -> None:
    settings = DatabaseSettings.model_validate(
        {"DATABASE_URL": dsn, "DATABASE_POOL_SIZE": 1, "DATABASE_TIMEOUT_S": 0.2}
    )
    database = await Database.open(settings)
    waited, failed = "vaarta_database_wait_seconds_count", "vaarta_database_waits_failed_total"
    before = told(waited, pool="main"), told(failed, pool="main")
    try:
        async with database.connection():
            with pytest.raises(StoreUnavailable):
                async with database.connection():
                    pass
    finally:
        await database.close()

    after = told(waited, pool="main"), told(failed, pool="main")
    assert after == (before[0] + 1, before[1] + 1)


@pytest.mark.asyncio(loop_scope="session")
async def test_requests_tell_who_asked_from_where_and_what_was_refused(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    refused = told("vaarta_refusals_total", code="validation_error")
    malformed = told("vaarta_refusals_total", code="invalid_request")
    await api.create(language="Klingon")
    await api.get(SESSIONS, headers={"Authorization": f"Bearer {api.token()}"})
    await api.get(SESSIONS, headers={"Authorization": None})

    await send_garbage(api)

    lines = [vars(one) for one in caplog.records if one.message == "request.answered"]
    by_key, by_token, by_nobody = lines[-3:]
    assert by_key["tenant_id"] == by_token["tenant_id"] == str(api.tenant_id)
    assert by_key["key_id"]
    assert "key_id" not in by_token
    assert "tenant_id" not in by_nobody
    assert {one["address"] for one in lines[-3:]} == {"127.0.0.1"}
    assert told("vaarta_refusals_total", code="validation_error") == refused + 1
    assert told("vaarta_refusals_total", code="invalid_request") == malformed + 1


@pytest.mark.asyncio(loop_scope="session")
async def test_open_streams_are_counted_and_loops_tell_when_they_last_looked(api: Api) -> None:
    before = told("vaarta_event_streams")
    async with stream(api.http, f"{SESSIONS}/events", api.key) as events:
        await events.next()
        assert told("vaarta_event_streams") > before
    for task in ("reaper", "succession", "standing", "room-listeners", "gauges", "webhook-lease"):

        async def has_looked(task: str = task) -> bool:
            return told("vaarta_task_last_look_timestamp_seconds", task=task) > 0

        await eventually(has_looked, what=task)
