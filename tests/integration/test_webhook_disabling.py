"""Endpoints that nothing reaches for days: switched off, shown, noted; and on again."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from control_api.request.json_text import compact
from control_api.request.json_values import moment
from control_api.webhooks.answers import Webhook
from store.outbox import SESSION_EVENTS, WebhookEvent, WebhookId
from store.pool import Database
from store.webhooks import WebhookChange, WebhookRecord, WebhookRepository
from tests.eventually import eventually
from tests.integration.receiver import Receiver, running_receiver
from tests.integration.webhook_rows import QUICK, Shop, running_sender


@pytest.fixture
async def shop(database: Database) -> Shop:
    return await Shop.opened(database)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with running_receiver() as running:
        yield running


async def endpoint(shop: Shop, webhook_id: WebhookId) -> WebhookRecord:
    async with shop.database.connection() as connection:
        return await WebhookRepository(connection).get(shop.tenant_id, webhook_id)


async def told(shop: Shop, days: float = 5) -> None:
    """One more session is told of, by senders with that setting."""
    await shop.session()
    settings = QUICK.model_copy(update={"disable_after_days": days})
    async with running_sender(shop.database, settings):
        await eventually(lambda: all_told(shop), what="nothing waits")


async def all_told(shop: Shop) -> bool:
    async with shop.database.connection() as connection:
        n = await connection.fetchval(
            "SELECT count(*) FROM webhook_deliveries WHERE status = 'pending'"
        )
    return bool(n == 0)


async def age(shop: Shop, days: int) -> None:
    async with shop.database.connection() as connection:
        await connection.execute(
            "UPDATE webhooks SET failing_since = failing_since - $1::interval", timedelta(days=days)
        )


async def audited(shop: Shop) -> list[dict[str, Any]]:
    async with shop.database.connection() as connection:
        rows = await connection.fetch("SELECT * FROM audit ORDER BY id")
    return [dict(row) for row in rows]


async def test_one_that_fails_for_days_is_disabled_and_noted(
    shop: Shop, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.answer(500)
    failing, _ = await shop.endpoint(receiver.url)
    async with running_receiver() as well:
        fine, _ = await shop.endpoint(well.url)
        await told(shop)
        await age(shop, 4)
        await told(shop)
        begun = await endpoint(shop, failing)
        await age(shop, 2)
        await told(shop)
    disabled, other = await endpoint(shop, failing), await endpoint(shop, fine)

    assert begun.is_active
    assert begun.failing_since is not None
    assert not disabled.is_active
    assert disabled.disabled_at is not None
    assert (other.is_active, other.failing_since, other.disabled_at) == (True, None, None)
    (entry,) = await audited(shop)
    assert (entry["actor_kind"], entry["action"], entry["resource"]) == (
        "system",
        "webhook.disable",
        str(failing),
    )
    assert [one.getMessage() for one in caplog.records].count("webhook.disabled") == 1


async def test_one_success_in_between_begins_the_count_anew(shop: Shop, receiver: Receiver) -> None:
    webhook_id, _ = await shop.endpoint(receiver.url)
    receiver.answer(500)
    await told(shop)
    await age(shop, 6)
    receiver.answer(200)
    await told(shop)
    recovered = await endpoint(shop, webhook_id)
    receiver.answer(500)
    await told(shop)
    failing = await endpoint(shop, webhook_id)

    assert recovered.failing_since is None
    assert failing.is_active
    assert failing.failing_since is not None


async def test_attempts_that_are_made_again_in_time_are_no_failure(
    shop: Shop, receiver: Receiver
) -> None:
    webhook_id, _ = await shop.endpoint(receiver.url)
    receiver.answer(500, 500, 200)
    await told(shop)

    assert (await endpoint(shop, webhook_id)).failing_since is None


async def test_without_the_setting_nothing_is_disabled(shop: Shop, receiver: Receiver) -> None:
    webhook_id, _ = await shop.endpoint(receiver.url)
    receiver.answer(500)
    await told(shop, days=0)
    await age(shop, 1000)
    await told(shop, days=0)

    assert (await endpoint(shop, webhook_id)).is_active


@pytest.mark.parametrize("change", [{"is_active": True}, {"is_active": True, "url": "http://b/"}])
async def test_it_is_switched_on_again(
    shop: Shop, receiver: Receiver, change: dict[str, Any]
) -> None:
    webhook_id, secret = await shop.endpoint(receiver.url)
    receiver.answer(500)
    await told(shop)
    await age(shop, 6)
    await told(shop)
    shown = json.loads(compact(Webhook.of(await endpoint(shop, webhook_id), secret=secret)))
    async with shop.database.connection() as connection:
        again = await WebhookRepository(connection).change(
            shop.tenant_id, webhook_id, WebhookChange(**change)
        )
    shown_again = json.loads(compact(Webhook.of(again, secret=secret)))

    assert not shown["is_active"]
    assert list(shown)[-2:] == ["failing_since", "disabled_at"]
    assert again.is_active
    assert list(shown_again)[-1] == "updated_at"


async def test_another_address_has_its_own_time(shop: Shop, receiver: Receiver) -> None:
    webhook_id, _ = await shop.endpoint(receiver.url)
    receiver.answer(500)
    await told(shop)
    async with shop.database.connection() as connection:
        moved = await WebhookRepository(connection).change(
            shop.tenant_id, webhook_id, WebhookChange(url="http://b/")
        )

    assert moved.failing_since is None


async def test_other_endpoints_that_ask_for_it_are_told(shop: Shop, receiver: Receiver) -> None:
    receiver.answer(500)
    failing = [(await shop.endpoint(receiver.url, WebhookEvent.STARTED))[0] for _ in range(2)]
    async with running_receiver() as well, running_receiver() as deaf:
        await shop.endpoint(well.url, WebhookEvent.DISABLED)
        await shop.endpoint(deaf.url, *SESSION_EVENTS)
        await told(shop)
        await age(shop, 6)
        await told(shop)
        disabled = [await endpoint(shop, one) for one in failing]

    told_of = {one.json["data"]["webhook_id"]: one.json for one in well.received}
    assert set(told_of) == {str(one) for one in failing}
    assert {one.event for one in well.received} == {"webhook.disabled"}
    for one in disabled:
        assert one.disabled_at is not None
        data = told_of[str(one.id)]["data"]
        assert list(data) == ["webhook_id", "url", "failing_since", "disabled_at"]
        assert data["url"] == receiver.url
        assert data["disabled_at"] == moment(one.disabled_at)
    assert "webhook.disabled" not in {one.event for one in deaf.received}
