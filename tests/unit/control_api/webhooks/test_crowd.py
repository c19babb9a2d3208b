"""Who has enough deliveries under way."""

from datetime import UTC, datetime
from uuid import UUID

from control_api.webhooks.crowd import Crowd
from store.outbox import DeliveryId, LeasedDelivery, LeaseId, WebhookEvent
from store.records import SessionId, TenantId

SHOP, BANK = TenantId(UUID(int=1)), TenantId(UUID(int=2))


def delivery(tenant_id: TenantId, target: int) -> LeasedDelivery:
    return LeasedDelivery(
        id=DeliveryId(UUID(int=0)),
        tenant_id=tenant_id,
        session_id=SessionId(UUID(int=0)),
        webhook_id=None,
        target=UUID(int=target),
        url="https://example.com/",
        event=WebhookEvent.STARTED,
        data={},
        attempts=0,
        occurred_at=datetime(2026, 11, 30, tzinfo=UTC),
        lease_id=LeaseId(UUID(int=0)),
        sealed_secret=None,
    )


def test_a_tenant_has_enough_when_it_has_as_many_as_are_left() -> None:
    crowd = Crowd()
    for n in range(8):
        crowd.add(delivery(SHOP, 100 + n))

    assert crowd.crowding(9).tenants == []
    assert crowd.crowding(8).tenants == [SHOP]


def test_an_endpoint_has_enough_at_a_third_of_that() -> None:
    crowd = Crowd()
    for _ in range(3):
        crowd.add(delivery(SHOP, 100))

    assert crowd.crowding(10).targets == []
    assert crowd.crowding(9).targets == [UUID(int=100)]


def test_who_has_none_may_have_the_last_place() -> None:
    crowd = Crowd()
    crowd.add(delivery(SHOP, 100))

    crowding = crowd.crowding(1)

    assert BANK not in crowding.tenants
    assert (crowding.tenants, crowding.targets) == ([SHOP], [UUID(int=100)])


def test_what_is_over_crowds_nobody() -> None:
    crowd = Crowd()
    crowd.add(delivery(SHOP, 100))
    crowd.remove(delivery(SHOP, 100))

    crowding = crowd.crowding(0)

    assert (crowding.tenants, crowding.targets) == ([], [])
