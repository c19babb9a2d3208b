"""The sender against receivers on real sockets."""

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import socket
from collections.abc import AsyncIterator, Sequence

import pytest

from core.addresses import IpAddress, is_public
from core.setting_groups import WebhookSettings
from store.outbox import WebhookEvent
from store.pool import Database
from store.records import EndReason
from tests.eventually import eventually
from tests.integration.receiver import Receiver, running_receiver
from tests.integration.webhook_rows import QUICK, Shop, running_sender

LOOPBACK = ipaddress.ip_address("127.0.0.1")


@pytest.fixture
async def shop(database: Database) -> Shop:
    return await Shop.opened(database)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with running_receiver() as running:
        yield running


async def log_of(shop: Shop) -> list[tuple[int | None, str | None]]:
    """What each attempt of the only delivery came to."""
    (delivery,) = await shop.deliveries()
    attempts = await shop.attempts(delivery)
    assert [one.number for one in attempts] == list(range(1, delivery.attempts + 1))
    return [(one.status_code, one.error) for one in attempts]


async def told(shop: Shop) -> None:
    await eventually(shop.is_told, what="nothing waits")


async def test_a_session_is_told_signed_and_in_order(
    database: Database, shop: Shop, receiver: Receiver
) -> None:
    webhook_id, secret = await shop.endpoint(receiver.url)
    session_id = await shop.session(None, {"order": "नमस्ते"})
    await shop.begin(session_id)
    await shop.end(session_id)

    async with running_sender(database):
        await eventually(lambda: shop.is_told(webhook_id))

    assert receiver.events_of(session_id) == [
        "voice_session.started",
        "voice_session.connected",
        "voice_session.ended",
    ]
    for one in receiver.received:
        expected = hmac.new(secret.encode(), one.body, hashlib.sha256).hexdigest()
        assert one.headers["X-CallMissed-Signature"] == f"sha256={expected}"
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{one.headers['webhook-id']}.{one.headers['webhook-timestamp']}.".encode()
        digest = hmac.new(key, signed + one.body, hashlib.sha256).digest()
        assert one.headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
        assert one.json["data"]["metadata"] == {"order": "नमस्ते"}


async def test_a_sessions_own_url_is_signed_with_the_default_secret(
    database: Database, shop: Shop, receiver: Receiver
) -> None:
    await shop.session(receiver.url + "?token=1")

    async with running_sender(database):
        await told(shop)

    secret = await shop.default_secret()
    (one,) = receiver.received
    expected = hmac.new(secret.encode(), one.body, hashlib.sha256).hexdigest()
    assert one.headers["X-CallMissed-Signature"] == f"sha256={expected}"
    assert one.path == "/hook?token=1"


async def test_500_four_times_succeeds_at_the_fifth_with_one_delivery_id(
    database: Database, shop: Shop, receiver: Receiver
) -> None:
    receiver.answer(500, 500, 500, 500, 200)
    await shop.session(receiver.url)

    async with running_sender(database):
        await told(shop)

    bad = (500, "answered with an error status")
    assert await log_of(shop) == [bad, bad, bad, bad, (200, None)]
    assert list(receiver.times_of_deliveries().values()) == [5]
    assert len({one.body for one in receiver.received}) == 1
    (delivery,) = await shop.deliveries()
    assert (delivery.status, delivery.attempts, delivery.next_attempt_at) == ("succeeded", 5, None)
    assert delivery.delivered_at is not None


async def test_after_five_attempts_a_delivery_has_failed_and_the_next_one_goes(
    database: Database, shop: Shop, receiver: Receiver
) -> None:
    receiver.answer(*[503] * 5, 204)
    session_id = await shop.session(receiver.url)
    await shop.end(session_id)

    async with running_sender(database):
        await told(shop)

    started, ended = await shop.deliveries()
    assert (started.status, started.attempts, started.status_code) == ("failed", 5, 503)
    assert (ended.status, ended.attempts, ended.status_code) == ("succeeded", 1, 204)
    assert receiver.events_of(session_id) == ["voice_session.started"] * 5 + ["voice_session.ended"]


async def test_a_receiver_that_hangs_is_given_up_in_time(
    database: Database, shop: Shop, receiver: Receiver
) -> None:
    receiver.hang()
    await shop.session(receiver.url)

    async with running_sender(database, QUICK.model_copy(update={"timeout_s": 0.2})):
        await told(shop)

    assert await log_of(shop) == [(None, "no answer in time")] * 5


async def test_a_redirect_is_not_followed(
    database: Database, shop: Shop, receiver: Receiver
) -> None:
    async with running_receiver() as elsewhere, running_sender(database):
        receiver.redirect(elsewhere.url)
        await shop.session(receiver.url)
        await told(shop)

        assert elsewhere.received == []
    assert await log_of(shop) == [(307, "answered with a redirect, which is not followed")] * 5


async def test_a_name_that_turns_private_at_the_second_attempt_is_not_connected_to(
    database: Database, shop: Shop, receiver: Receiver
) -> None:
    """The receiver's address plays the public one; the one of ours is 127.0.0.2."""
    receiver.answer(500)
    answers = [["127.0.0.1"], ["127.0.0.2"], ["127.0.0.1", "127.0.0.2"], ["::ffff:127.0.0.2"]]

    async def lookup(_host: str, _port: int) -> Sequence[str]:
        return answers.pop(0) if answers else ["10.0.0.1"]

    def allows(address: IpAddress) -> bool:
        return address == LOOPBACK or is_public(address)

    await shop.session(receiver.url.replace("127.0.0.1", "shop.example"))
    async with running_sender(database, allows=allows, lookup=lookup):
        await told(shop)

    refused = (None, "resolves to an address that is not public")
    assert await log_of(shop) == [(500, "answered with an error status"), *[refused] * 4]
    assert len(receiver.received) == 1


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]"]
)
async def test_no_spelling_of_a_private_address_is_connected_to(
    database: Database, shop: Shop, receiver: Receiver, host: str
) -> None:
    settings = QUICK.model_copy(update={"retry_waits": ""})
    await shop.session(receiver.url.replace("127.0.0.1", host))

    async with running_sender(database, settings, allows=is_public):
        await told(shop)

    (delivery,) = await shop.deliveries()
    assert delivery.status == "failed"
    assert delivery.status_code is None
    assert receiver.received == []


async def test_a_name_that_does_not_resolve_and_a_port_nobody_listens_on_are_said(
    database: Database, shop: Shop
) -> None:
    settings = QUICK.model_copy(update={"retry_waits": ""})
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        await shop.session(f"http://127.0.0.1:{taken.getsockname()[1]}/")
        await shop.session("http://nobody.invalid/")
        async with running_sender(database, settings):
            await told(shop)

    errors = {one.error for one in await shop.deliveries()}
    assert errors == {"the connection failed", "the host name does not resolve"}


async def test_an_answer_that_is_no_http_is_a_failure(database: Database, shop: Shop) -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await shop.session(f"http://127.0.0.1:{port}/")
    async with server, running_sender(database, QUICK.model_copy(update={"retry_waits": ""})):
        await told(shop)

    assert await log_of(shop) == [(None, "the answer is not well-formed HTTP")]


async def test_several_senders_make_each_attempt_once(
    database: Database, shop: Shop, receiver: Receiver
) -> None:
    sessions = [await shop.session(receiver.url) for _ in range(60)]
    for session_id in sessions:
        await shop.end(session_id)

    async with running_sender(database), running_sender(database), running_sender(database):
        await told(shop)

    times = receiver.times_of_deliveries()
    assert len(times) == 120
    assert set(times.values()) == {1}
    for session_id in sessions:
        assert receiver.events_of(session_id) == ["voice_session.started", "voice_session.ended"]


async def test_an_endpoint_that_hangs_leaves_room_for_the_others(
    database: Database, shop: Shop, receiver: Receiver
) -> None:
    settings = QUICK.model_copy(update={"concurrency": 4, "timeout_s": 30.0})
    async with running_receiver() as hanging:
        hanging.hang()
        slow, _ = await shop.endpoint(hanging.url, WebhookEvent.STARTED)
        quick, _ = await shop.endpoint(receiver.url, WebhookEvent.STARTED)
        for _ in range(20):
            await shop.session()

        async with running_sender(database, settings):
            await eventually(lambda: shop.is_told(quick))
        assert not await shop.is_told(slow)


async def test_a_tenant_whose_endpoints_all_hang_leaves_room_for_other_tenants(
    database: Database, shop: Shop, receiver: Receiver
) -> None:
    settings = QUICK.model_copy(update={"concurrency": 16, "timeout_s": 30.0})
    others = [await Shop.opened(database) for _ in range(3)]
    async with running_receiver() as hanging:
        hanging.hang()
        for hanging_shop in (shop, others[0]):
            for _ in range(20):
                await hanging_shop.endpoint(hanging.url, WebhookEvent.STARTED)
            for _ in range(5):
                await hanging_shop.session()

        async with running_sender(database, settings):
            await eventually(lambda: arrived(hanging))
            for quick_shop in others[1:]:
                webhook_id, _ = await quick_shop.endpoint(receiver.url, WebhookEvent.STARTED)
                await quick_shop.session()
                await eventually(lambda s=quick_shop, w=webhook_id: s.is_told(w))  # type: ignore[misc]


async def test_a_sender_that_stops_gives_back_what_hangs(
    database: Database, shop: Shop, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("control_api.webhooks.sender._LANDING_S", 0.05)
    receiver.hang()
    await shop.session(receiver.url)
    async with running_sender(database):
        await eventually(lambda: arrived(receiver))

    receiver.answer(200)
    async with running_sender(database):
        await told(shop)

    assert await log_of(shop) == [(200, None)]


async def test_a_secret_that_another_key_sealed_fails_the_delivery_not_the_sender(
    database: Database, shop: Shop, receiver: Receiver
) -> None:
    webhook_id, _ = await shop.endpoint(receiver.url)
    async with database.connection() as connection:
        await connection.execute("UPDATE webhooks SET sealed_secret = 'nonsense'")
    await shop.session(receiver.url)

    async with running_sender(database):
        await eventually(lambda: shop.is_told(webhook_id))
        await told(shop)

    (broken,) = await shop.deliveries(webhook_id)
    (fine,) = await shop.deliveries()
    assert (broken.status, fine.status) == ("failed", "succeeded")
    assert broken.error == "the signing secret cannot be opened; rotate it"


async def test_a_database_that_goes_away_stops_nothing_for_good(
    database: Database, shop: Shop, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("control_api.webhooks.sender._RETRY_PAUSE_S", 0.01)
    async with running_sender(database):
        async with database.connection() as connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        session_id = await shop.session(receiver.url)
        await shop.end(session_id, EndReason.AGENT_ERROR)
        await told(shop)

    assert receiver.events_of(session_id) == ["voice_session.started", "voice_session.failed"]


def test_the_contracts_schedule_is_the_default() -> None:
    settings = WebhookSettings()

    assert (settings.retry_waits_s, settings.timeout_s) == ((2.0, 4.0, 8.0, 16.0), 10.0)
    assert not settings.allow_private


async def arrived(receiver: Receiver) -> bool:
    return bool(receiver.received)
