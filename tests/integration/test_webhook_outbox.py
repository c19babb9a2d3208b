"""Events written with the rows that they tell of, and leased in order."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from store.outbox import Crowding, LeasedDelivery, OutboxRepository, Outcome, WebhookEvent
from store.pool import Connection, Database
from store.records import EndReason, SessionStatus
from store.sessions import SessionRepository
from store.webhooks import WebhookRepository
from tests.eventually import eventually
from tests.integration.webhook_rows import Shop

HOOK = "https://shop.example/hook"
MANY = """
WITH begun AS (
    INSERT INTO sessions (id, tenant_id, config, room_name)
    SELECT gen_random_uuid(), $1, '{}', 'voice-' || gen_random_uuid()
    FROM generate_series(1, $2::int)
    RETURNING id, tenant_id
)
INSERT INTO webhook_deliveries (id, tenant_id, session_id, url, event, data)
SELECT gen_random_uuid(), tenant_id, id, 'https://shop.example/hook', 'voice_session.started', '{}'
FROM begun"""
ALL_DONE = """
UPDATE webhook_deliveries
SET status = 'succeeded', delivered_at = now(), next_attempt_at = NULL"""


@pytest.fixture
async def shop(database: Database) -> Shop:
    return await Shop.opened(database)


async def lease(database: Database, limit: int = 100, lease_s: float = 60) -> list[LeasedDelivery]:
    async with database.connection() as connection:
        return await OutboxRepository(connection).lease(limit, lease_s=lease_s)


async def settle(
    database: Database,
    leased: Sequence[LeasedDelivery],
    *,
    error: str | None = None,
    retry_in_s: float | None = None,
) -> int:
    outcomes = [
        Outcome(one.id, one.lease_id, datetime.now(UTC), 7, 200, error, retry_in_s)
        for one in leased
    ]
    async with database.connection() as connection:
        return (await OutboxRepository(connection).settle(outcomes)).n


async def test_a_session_tells_its_own_url_of_its_start_and_its_end(shop: Shop) -> None:
    session_id = await shop.session(HOOK, {"order": 7})
    await shop.begin(session_id)
    await shop.end(session_id)

    started, ended = await shop.deliveries()

    assert (started.event, ended.event) == (WebhookEvent.STARTED, WebhookEvent.ENDED)
    assert (started.url, started.webhook_id, started.session_id) == (HOOK, None, session_id)
    assert started.data == {
        "session_id": str(session_id),
        "bot_id": None,
        "llm": "kimi-k2.5",
        "voice": "shubh",
        "language": "en-IN",
        "status": "created",
        "metadata": {"order": 7},
    }
    assert ended.data["end_reason"] == "caller_hangup"
    assert ended.data["duration_seconds"] >= 0


async def test_an_endpoint_is_told_of_what_it_asked_for(shop: Shop) -> None:
    everything, _ = await shop.endpoint(HOOK)
    failures, _ = await shop.endpoint(HOOK, WebhookEvent.FAILED)
    session_id = await shop.session()
    await shop.begin(session_id)
    await shop.end(session_id, EndReason.AGENT_ERROR)

    assert [one.event for one in await shop.deliveries(everything)] == [
        WebhookEvent.STARTED,
        WebhookEvent.CONNECTED,
        WebhookEvent.FAILED,
    ]
    assert [one.event for one in await shop.deliveries(failures)] == [WebhookEvent.FAILED]
    assert await shop.deliveries() == []


async def test_another_tenants_endpoint_hears_nothing(database: Database, shop: Shop) -> None:
    other = await Shop.opened(database)
    webhook_id, _ = await other.endpoint(HOOK)

    await shop.session(HOOK)

    assert await other.deliveries(webhook_id) == []


@pytest.mark.parametrize("reason", EndReason)
async def test_twenty_ends_at_once_leave_exactly_one_terminal_event(
    shop: Shop, reason: EndReason
) -> None:
    session_id = await shop.session(HOOK)
    await shop.begin(session_id)

    ended = await asyncio.gather(*(shop.end(session_id, reason) for _ in range(20)))

    assert sum(one is not None for one in ended) == 1
    is_completed = reason.status is SessionStatus.COMPLETED
    told = [one.event for one in await shop.deliveries()][1:]
    assert told == [WebhookEvent.ENDED if is_completed else WebhookEvent.FAILED]


async def test_a_change_that_is_undone_tells_nothing(database: Database, shop: Shop) -> None:
    session_id = await shop.session(HOOK)

    async with database.connection() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await SessionRepository(connection).end_session(session_id, EndReason.AGENT_ERROR)
        await transaction.rollback()

    assert [one.event for one in await shop.deliveries()] == [WebhookEvent.STARTED]


async def test_a_delivery_waits_for_the_one_before_it(database: Database, shop: Shop) -> None:
    session_id = await shop.session(HOOK)
    await shop.end(session_id)

    (first,) = await lease(database)
    assert first.event is WebhookEvent.STARTED
    assert await lease(database) == []
    await settle(database, [first], error="no", retry_in_s=60)
    assert await lease(database) == []
    await make_due(database)
    (again,) = await lease(database)
    assert (again.id, again.attempts) == (first.id, 1)
    await settle(database, [again], error="no")

    (second,) = await lease(database)
    assert second.event is WebhookEvent.ENDED


async def test_senders_at_once_never_lease_the_same_delivery(
    database: Database, shop: Shop
) -> None:
    for _ in range(40):
        await shop.session(HOOK)

    leased = await asyncio.gather(*(lease(database, limit=7) for _ in range(10)))

    ids = [one.id for some in leased for one in some]
    assert len(ids) == len(set(ids))
    assert len(ids) + len(await lease(database)) == 40


async def test_a_sender_passes_over_what_another_is_just_leasing(
    database: Database, shop: Shop
) -> None:
    for _ in range(5):
        await shop.session(HOOK)

    async with database.transaction() as connection:
        first = await OutboxRepository(connection).lease(3, lease_s=60)
        second = await lease(database)

    assert (len(first), len(second)) == (3, 2)
    assert not {one.id for one in first} & {one.id for one in second}


async def test_a_lease_that_ran_out_is_taken_up_and_its_first_holder_has_no_say(
    database: Database, shop: Shop
) -> None:
    await shop.session(HOOK)
    (lost,) = await lease(database, lease_s=0)

    (taken,) = await lease(database)

    assert taken.id == lost.id
    assert await settle(database, [lost], error="too late") == 0
    assert await settle(database, [taken]) == 1
    (delivery,) = await shop.deliveries()
    assert (delivery.status, delivery.attempts, delivery.error) == ("succeeded", 1, None)


async def test_what_is_given_back_is_due_at_once_and_no_attempt_is_counted(
    database: Database, shop: Shop
) -> None:
    await shop.session(HOOK)
    leased = await lease(database)

    async with database.connection() as connection:
        await OutboxRepository(connection).release(leased)

    (again,) = await lease(database)
    assert again.attempts == 0


async def test_a_target_and_a_tenant_can_be_left_out(database: Database, shop: Shop) -> None:
    await shop.session(HOOK)

    async with database.connection() as connection:
        outbox = OutboxRepository(connection)
        for but in (Crowding(targets=[shop.tenant_id]), Crowding(tenants=[shop.tenant_id])):
            assert await outbox.lease(9, lease_s=9, but=but) == []
        assert len(await outbox.lease(9, lease_s=9)) == 1


async def test_beside_a_tenant_that_has_enough_all_others_are_leased_in_their_order(
    database: Database, shop: Shop
) -> None:
    others = [await Shop.opened(database) for _ in range(3)]
    wanted = []
    for _ in range(2):
        await shop.session(HOOK)
        wanted += [await other.session(HOOK) for other in others]
    blocked = await others[0].session(HOOK)
    await others[0].end(blocked)  # its start goes first

    async with database.connection() as connection:
        outbox, but = OutboxRepository(connection), Crowding(tenants=[shop.tenant_id])
        first = await outbox.lease(4, lease_s=9, but=but)
        last = await outbox.lease(9, lease_s=9, but=but)
        assert await outbox.lease(9, lease_s=9, but=but) == []
        assert len(await outbox.lease(9, lease_s=9)) == 2

    assert [one.session_id for one in [*first, *last]] == [*wanted, blocked]
    assert last[-1].event is WebhookEvent.STARTED


async def test_what_is_due_all_at_once_is_leased_though_there_was_nothing_a_minute_ago(
    database: Database, shop: Shop
) -> None:
    """A plan that knows of no pending row would look for each through all of the others."""
    async with database.connection() as connection:
        await connection.execute(MANY, shop.tenant_id, 20_000, timeout=60)
        await connection.execute(ALL_DONE, timeout=60)
        await connection.execute("VACUUM ANALYZE webhook_deliveries", timeout=60)
        await connection.execute(MANY, shop.tenant_id, 20_000, timeout=60)
    assert len(await lease(database, limit=32)) == 32


async def test_an_end_by_delete_waits_for_the_agents_last_turn_and_counts_it(
    database: Database, shop: Shop
) -> None:
    session_id = await shop.session()
    webhook_id, _ = await shop.endpoint(HOOK, WebhookEvent.ENDED)
    await shop.begin(session_id)
    await shop.end(session_id, EndReason.API_DELETE)
    assert await lease(database) == []
    async with database.connection() as connection:
        await connection.execute(
            "UPDATE sessions SET turn_count = 3, total_audio_seconds = 4.5 WHERE id = $1",
            session_id,
        )
    await make_due(database)

    (leased,) = await lease(database)

    assert (leased.data["turn_count"], leased.data["total_audio_seconds"]) == (3, 4.5)
    (kept,) = await shop.deliveries(webhook_id)
    assert kept.data == leased.data


async def test_an_endpoint_deleted_meanwhile_is_no_reason_for_a_session_to_fail(
    database: Database, shop: Shop
) -> None:
    webhook_id, _ = await shop.endpoint(HOOK)
    async with database.transaction() as connection:
        await connection.execute("DELETE FROM webhooks WHERE id = $1", webhook_id)
        creating = asyncio.create_task(shop.session(HOOK))
        await eventually(lambda: someone_waits(connection))
    await creating

    assert len(await shop.deliveries()) == 1


async def someone_waits(connection: Connection) -> bool:
    return bool(await connection.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"))


async def make_due(database: Database) -> None:
    async with database.connection() as connection:
        await connection.execute(
            "UPDATE webhook_deliveries SET next_attempt_at = now() WHERE status = 'pending'"
        )


async def test_nothing_that_waits_is_sent_to_an_endpoint_that_was_deleted(
    database: Database, shop: Shop
) -> None:
    webhook_id, _ = await shop.endpoint(HOOK, WebhookEvent.STARTED)
    await shop.session()
    async with database.connection() as connection:
        await WebhookRepository(connection).delete(shop.tenant_id, webhook_id)
    await shop.session()

    assert await lease(database) == []
    assert len(await shop.deliveries(webhook_id)) == 1
