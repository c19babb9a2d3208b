"""Signing secrets that are rotated: the one before signs for a day as well."""

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator

import pytest

from core.signing import SECRET_MARK
from store.outbox import WebhookId
from store.pool import Database
from store.webhooks import WebhookChange, WebhookRepository
from tests.eventually import eventually
from tests.integration.receiver import Received, Receiver, running_receiver
from tests.integration.webhook_rows import BOX, Shop, running_sender

N_SESSIONS = 20


@pytest.fixture
async def shop(database: Database) -> Shop:
    return await Shop.opened(database)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with running_receiver() as running:
        yield running


def standard(one: Received, secrets: list[str]) -> bool:
    """Whether a receiver of Standard Webhooks that knows the secrets takes it."""
    given = one.headers["webhook-signature"].split(" ")
    signed = f"{one.headers['webhook-id']}.{one.headers['webhook-timestamp']}.".encode() + one.body
    wanted = []
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix(SECRET_MARK))
        digest = hmac.new(key, signed, hashlib.sha256).digest()
        wanted.append(f"v1,{base64.b64encode(digest).decode()}")
    return any(one in given for one in wanted)


def of_body(one: Received, secrets: list[str]) -> bool:
    """Whether one that looks at the body's signature alone does."""
    wanted = [
        f"sha256={hmac.new(secret.encode(), one.body, hashlib.sha256).hexdigest()}"
        for secret in secrets
    ]
    return one.headers["X-CallMissed-Signature"] in wanted


async def rotate(shop: Shop, webhook_id: WebhookId) -> str:
    fresh = BOX.make(webhook_id)
    async with shop.database.connection() as connection:
        change = WebhookChange(sealed_secret=fresh.sealed)
        await WebhookRepository(connection).change(shop.tenant_id, webhook_id, change)
    return fresh.plaintext


async def rotate_default(shop: Shop) -> str:
    fresh = BOX.make(shop.tenant_id)
    async with shop.database.connection() as connection:
        await WebhookRepository(connection).rotate_default_secret(shop.tenant_id, fresh.sealed)
    return fresh.plaintext


async def arrived(receiver: Receiver, n: int) -> None:
    async def are_there() -> bool:
        return len(receiver.received) >= n

    await eventually(are_there, what=f"{n} deliveries")


async def age(database: Database, hours: int) -> None:
    """As if every secret had been made so long ago."""
    async with database.connection() as connection:
        for table, column in (
            ("webhooks", "rotated_at"),
            ("webhook_default_secrets", "created_at"),
        ):
            await connection.execute(
                f"UPDATE {table} SET {column} = {column} - make_interval(hours => $1)",
                hours,
            )


async def test_all_secrets_are_rotated_under_load_and_no_signature_fails(
    database: Database, shop: Shop, receiver: Receiver
) -> None:
    webhook_id, old = await shop.endpoint(f"{receiver.url}?own")
    old_default = await shop.default_secret()
    known = {"/hook?own": [old], "/hook?session": [old_default]}

    async with running_sender(database):
        for n in range(N_SESSIONS):
            session_id = await shop.session(f"{receiver.url}?session")
            if n == N_SESSIONS // 2:
                known["/hook?own"].append(await rotate(shop, webhook_id))
                known["/hook?session"].append(await rotate_default(shop))
            await shop.end(session_id)
        await arrived(receiver, 4 * N_SESSIONS)

    both = [(one, known[one.path]) for one in receiver.received]
    assert [one for one, secrets in both if not standard(one, secrets)] == []
    assert [one for one, secrets in both if not of_body(one, secrets)] == []
    assert [one for one, secrets in both if not standard(one, secrets[:1])] == [], (
        "the old is enough"
    )
    assert any(standard(one, secrets[1:]) for one, secrets in both)


@pytest.mark.parametrize(("hours", "still_counts"), [(23, True), (25, False)])
async def test_the_one_before_counts_for_a_day(
    database: Database, shop: Shop, receiver: Receiver, hours: int, still_counts: bool
) -> None:
    webhook_id, old = await shop.endpoint(f"{receiver.url}?own")
    old_default = await shop.default_secret()
    new, new_default = await rotate(shop, webhook_id), await rotate_default(shop)
    await age(database, hours)
    await shop.session(f"{receiver.url}?session")

    async with running_sender(database):
        await arrived(receiver, 2)

    secrets = {"/hook?own": (old, new), "/hook?session": (old_default, new_default)}
    for one in receiver.received:
        before, present = secrets[one.path]
        assert standard(one, [before]) is still_counts
        assert standard(one, [present])
        assert of_body(one, [present])


async def test_one_before_that_nobody_can_open_is_left_out(
    database: Database, shop: Shop, receiver: Receiver
) -> None:
    webhook_id, _ = await shop.endpoint(f"{receiver.url}?own")
    new = await rotate(shop, webhook_id)
    async with database.connection() as connection:
        await connection.execute("UPDATE webhooks SET previous_sealed_secret = 'nonsense'")
    await shop.session()

    async with running_sender(database):
        await arrived(receiver, 1)

    (one,) = receiver.received
    assert standard(one, [new])
    assert " " not in one.headers["webhook-signature"]
