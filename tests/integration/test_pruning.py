"""What has been kept for long enough goes; what has not, and the money, stays."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest

from control_api.watch.pruner import Pruner
from core.setting_groups import RetentionSettings
from store.audit import Action, Actor, ActorKind, AuditRepository
from store.pool import Database
from store.pruning import PruningRepository
from store.records import EndReason, SessionId, TenantId
from store.retention import Kind, Retention, RetentionRepository
from store.sessions import SessionRepository
from store.turns import TurnRepository
from store.webhooks import WebhookRepository
from tests.integration.rows import new_session, spent, turn_row
from tests.integration.webhook_rows import Shop


def pruner(database: Database, **days: int) -> Pruner:
    named: Mapping[str, Any] = {f"RETENTION_{name.upper()}_DAYS": n for name, n in days.items()}
    none = {f"RETENTION_{kind.value.upper()}_DAYS": 0 for kind in Kind}
    return Pruner(RetentionSettings.model_validate({**none, **named}), database)


async def run(database: Database, statement: str, *arguments: object) -> Any:
    async with database.connection() as connection:
        return await connection.fetchval(statement, *arguments)


async def talked(database: Database, days_ago: int) -> SessionId:
    """A session that ended so long ago, with one turn."""
    session_id = await new_session(database)
    row = turn_row(0)
    async with database.transaction() as connection:
        await TurnRepository(connection).add_turn(session_id, row.turn, row.charges)
        await SessionRepository(connection).end_session(session_id, EndReason.CALLER_HANGUP)
    await run(
        database,
        "UPDATE sessions SET ended_at = now() - make_interval(days => $2) WHERE id = $1",
        session_id,
        days_ago,
    )
    return session_id


async def words(database: Database, session_id: SessionId) -> str:
    return str(
        await run(database, "SELECT agent_response FROM turns WHERE session_id = $1", session_id)
    )


async def test_old_sessions_lose_their_words_and_no_credit(database: Database) -> None:
    old, young = await talked(database, 91), await talked(database, 89)

    await pruner(database, transcripts=90).look()

    assert (await words(database, old), await words(database, young)) == ("", "At nine.")
    assert await spent(database, old) == await spent(database, young) != 0


async def test_more_than_a_batch_is_pruned_at_one_look(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("store.pruning", "control_api.watch.pruner"):
        monkeypatch.setattr(f"{module}.BATCH", 2)
    old = [await talked(database, 100) for _ in range(5)]

    await pruner(database, transcripts=90).look()

    assert [await words(database, one) for one in old] == [""] * 5


async def test_old_deliveries_go_unless_they_are_still_tried(database: Database) -> None:
    shop = await Shop.opened(database)
    for _ in range(3):
        await shop.session("https://8.8.8.8/")
    ages = "UPDATE webhook_deliveries SET created_at = now() - interval '31 days'"
    done = "UPDATE webhook_deliveries SET status = 'failed', next_attempt_at = NULL WHERE id = $1"
    await run(database, ages)
    ids = await run(database, "SELECT array_agg(id) FROM webhook_deliveries")
    await run(database, done, ids[0])
    await run(database, done, ids[1])
    await run(database, "UPDATE webhook_deliveries SET created_at = now() WHERE id = $1", ids[1])

    await pruner(database, deliveries=30).look()

    left = await run(database, "SELECT array_agg(id) FROM webhook_deliveries")
    assert set(left) == {ids[1], ids[2]}


async def test_old_entries_of_the_audit_go(database: Database) -> None:
    shop = await Shop.opened(database)
    async with database.connection() as connection:
        for _ in range(3):
            actor = Actor(ActorKind.CLI, "asha@host")
            await AuditRepository(connection).add(
                shop.tenant_id, actor, Action.KEY_CREATE, str(uuid4())
            )
    await run(database, "UPDATE audit SET at = now() - interval '401 days' WHERE id < $1", 3)

    await pruner(database, audit=400).look()

    assert await run(database, "SELECT array_agg(id) FROM audit") == [3]


async def test_a_deleted_endpoint_goes_with_its_log_some_rows_at_a_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("store.pruning", "control_api.watch.pruner"):
        monkeypatch.setattr(f"{module}.BATCH", 2)
    shop = await Shop.opened(database)
    deleted, kept = [(await shop.endpoint("https://8.8.8.8/"))[0] for _ in range(2)]
    for _ in range(5):
        await shop.session()
    async with database.connection() as connection:
        await WebhookRepository(connection).delete(shop.tenant_id, deleted)
    n = "SELECT count(*) FROM webhook_deliveries WHERE webhook_id = $1"
    assert await run(database, n, deleted) == 5

    await pruner(database).look()

    assert (await run(database, n, deleted), await run(database, n, kept)) == (0, 5)
    assert await run(database, "SELECT array_agg(id) FROM webhooks") == [kept]


async def want(database: Database, tenant_id: TenantId, **days: int) -> None:
    async with database.connection() as connection:
        await RetentionRepository(connection).set(tenant_id, Retention(**days))


async def tenant_of(database: Database, session_id: SessionId) -> TenantId:
    return TenantId(await run(database, "SELECT tenant_id FROM sessions WHERE id = $1", session_id))


@pytest.mark.parametrize(
    ("setting", "own", "are_left"),
    [(90, 7, False), (0, 7, False), (90, 11, True), (0, 11, True), (7, 90, False)],
)
async def test_a_tenants_sessions_keep_their_words_for_the_shorter_time(
    database: Database, setting: int, own: int, are_left: bool
) -> None:
    narrow, other = await talked(database, 10), await talked(database, 10)
    await want(database, await tenant_of(database, narrow), transcripts_days=own)

    await pruner(database, transcripts=setting).look()

    assert (await words(database, narrow) != "") is are_left
    assert (await words(database, other) != "") is (setting != 7)


async def test_a_tenants_deliveries_go_earlier_at_every_address(database: Database) -> None:
    narrow, other = await Shop.opened(database), await Shop.opened(database)
    for shop in (narrow, other):
        await shop.endpoint("https://8.8.8.8/")
        await shop.session("https://8.8.8.8/")
    await run(
        database,
        "UPDATE webhook_deliveries SET created_at = now() - interval '10 days', "
        "status = 'failed', next_attempt_at = NULL",
    )
    await narrow.session("https://8.8.8.8/")
    await want(database, narrow.tenant_id, deliveries_days=7)

    await pruner(database, deliveries=30).look()

    counted = "SELECT count(*) FROM webhook_deliveries WHERE tenant_id = $1"
    assert await run(database, counted, narrow.tenant_id) == 2
    assert await run(database, counted, other.tenant_id) == 2


async def test_a_tenants_audit_goes_earlier(database: Database) -> None:
    narrow, other = await Shop.opened(database), await Shop.opened(database)
    actor = Actor(ActorKind.CLI, "asha@host")
    async with database.connection() as connection:
        for shop in (narrow, other):
            for _ in range(2):
                await AuditRepository(connection).add(
                    shop.tenant_id, actor, Action.KEY_CREATE, str(uuid4())
                )
    await run(database, "UPDATE audit SET at = now() - interval '10 days' WHERE id IN (1, 3)")
    await want(database, narrow.tenant_id, audit_days=7)

    await pruner(database, audit=400).look()

    assert await run(database, "SELECT array_agg(id ORDER BY id) FROM audit") == [2, 3, 4]


async def test_what_is_kept_for_ever_is_kept(database: Database) -> None:
    old = await talked(database, 10_000)

    await pruner(database).look()

    assert await words(database, old) == "At nine."


async def test_one_process_prunes_while_others_pass(database: Database) -> None:
    old = await talked(database, 100)
    async with database.transaction() as connection:
        assert await PruningRepository(connection).take_turn()
        await pruner(database, transcripts=90).look()
        assert await words(database, old) == "At nine."

    await asyncio.gather(*(pruner(database, transcripts=90).look() for _ in range(3)))

    assert await words(database, old) == ""
