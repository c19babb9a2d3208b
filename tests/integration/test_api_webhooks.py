"""Endpoints, secrets and the log of deliveries over HTTP."""

import hashlib
import hmac
import re
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from store.outbox import SESSION_EVENTS
from tests.eventually import eventually
from tests.integration.api import SESSIONS, Answer, Api, running_api
from tests.integration.receiver import Receiver, running_receiver

HOOKS = "/api/v1/webhooks"
ALL_EVENTS = [event.value for event in SESSION_EVENTS]
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")
MASKED = re.compile(r"whsec_….{4}")


@pytest.fixture
async def api(api_env: dict[str, str], dsn: str) -> AsyncIterator[Api]:
    """An API of the test's own, whose sender reaches a local receiver."""
    env = {
        **api_env,
        "DATABASE_URL": dsn,
        "WEBHOOK_ALLOW_PRIVATE": "true",
        "WEBHOOK_RETRY_WAITS_S": "0.01",
        "WEBHOOK_POLL_S": "0.02",
    }
    async with running_api(env) as running:
        yield running


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with running_receiver() as running:
        yield running


async def send(api: Api, method: str, path: str, **options: object) -> Answer:
    """As the tenant's owner."""
    headers = {"Authorization": f"Bearer {api.token()}", **options.pop("headers", {})}  # type: ignore[dict-item]
    return await api.send(method, path, headers=headers, **options)


async def register(api: Api, url: str, **body: object) -> dict[str, object]:
    answer = await send(api, "POST", HOOKS, json={"url": url, **body})
    assert answer.status == 201, answer.body
    made: dict[str, object] = answer.json
    return made


async def deliveries(api: Api, path: str) -> list[dict[str, object]]:
    answer = await send(api, "GET", path)
    assert answer.status == 200
    found: list[dict[str, object]] = answer.json
    assert answer.headers["X-Total-Count"] == str(len(found))
    return found


async def all_made(api: Api, path: str, n: int) -> bool:
    found = await deliveries(api, path)
    return len(found) == n and all(one["status"] != "pending" for one in found)


async def test_a_secret_is_shown_once_and_masked_ever_after(api: Api) -> None:
    made = await register(api, "https://shop.example/hook")

    assert list(made) == "id url events is_active secret created_at updated_at".split()
    assert made["events"] == ALL_EVENTS
    assert SECRET.fullmatch(str(made["secret"]))
    read = (await send(api, "GET", f"{HOOKS}/{made['id']}")).json
    (listed,) = (await send(api, "GET", HOOKS)).json
    assert MASKED.fullmatch(read["secret"])
    assert read == listed == {**made, "secret": read["secret"]}


async def test_no_secret_stands_in_the_database(api: Api) -> None:
    made = await register(api, "https://shop.example/hook")
    default = (await send(api, "POST", f"{HOOKS}/default-secret/rotate")).json["secret"]

    async with api.database.connection() as connection:
        kept = [
            *await connection.fetch("SELECT sealed_secret FROM webhooks"),
            *await connection.fetch("SELECT sealed_secret FROM webhook_default_secrets"),
        ]
    assert len(kept) == 2
    for secret in (str(made["secret"]), default):
        assert not any(secret.removeprefix("whsec_").encode() in row[0] for row in kept)


async def test_a_change_leaves_what_it_does_not_name(api: Api) -> None:
    made = await register(api, "https://shop.example/hook")
    path = f"{HOOKS}/{made['id']}"

    changed = await send(api, "PUT", path, json={"events": ["voice_session.ended"] * 2})
    paused = await send(api, "PUT", path, json={"is_active": False, "url": "https://b.example/"})

    assert changed.json["events"] == ["voice_session.ended"]
    assert changed.json["url"] == "https://shop.example/hook"
    assert (paused.json["is_active"], paused.json["url"]) == (False, "https://b.example/")
    assert paused.json["events"] == ["voice_session.ended"]
    await api.create()
    assert await deliveries(api, f"{path}/deliveries") == []


async def test_a_deleted_endpoint_is_gone_with_its_log(api: Api, receiver: Receiver) -> None:
    made = await register(api, receiver.url)
    await api.create()
    path = f"{HOOKS}/{made['id']}"

    assert (await send(api, "DELETE", path)).status == 204
    assert (await send(api, "DELETE", path)).code == "not_found"
    for gone in (path, f"{path}/deliveries"):
        assert (await send(api, "GET", gone)).code == "not_found"


async def test_the_log_tells_what_was_sent_and_what_came_of_it(
    api: Api, receiver: Receiver
) -> None:
    made = await register(api, receiver.url, events=["voice_session.started"])
    receiver.answer(500, 200)
    session = (await api.create(metadata={"order": 7})).json
    log = f"{HOOKS}/{made['id']}/deliveries"
    await eventually(lambda: all_made(api, log, 1))

    (one,) = await deliveries(api, log)
    assert (
        list(one)
        == (
            "id webhook_id session_id url event status status_code attempts error latency_ms "
            "created_at delivered_at next_attempt_at replay_of"
        ).split()
    )
    assert (one["webhook_id"], one["session_id"]) == (made["id"], session["id"])
    assert (one["status"], one["status_code"], one["attempts"]) == ("succeeded", 200, 2)
    assert (one["error"], one["next_attempt_at"], one["replay_of"]) == (None, None, None)
    whole = (await send(api, "GET", f"{log}/{one['id']}")).json
    assert whole["payload"] == receiver.received[0].json
    assert [(a["number"], a["status_code"]) for a in whole["attempt_log"]] == [(1, 500), (2, 200)]


async def test_a_sessions_own_url_has_a_log_that_its_session_finds(
    api: Api, receiver: Receiver
) -> None:
    first, _ = [(await api.create(webhook_url=receiver.url)).json["id"] for _ in range(2)]
    await api.send("DELETE", f"{SESSIONS}/{first}")
    log = f"{HOOKS}/deliveries?session_id={first}"
    await eventually(lambda: all_made(api, log, 2))

    newest, oldest = await deliveries(api, log)
    assert (newest["event"], oldest["event"]) == ("voice_session.ended", "voice_session.started")
    assert newest["webhook_id"] is None
    await eventually(lambda: all_made(api, f"{HOOKS}/deliveries", 3))
    whole = (await send(api, "GET", f"{HOOKS}/deliveries/{newest['id']}")).json
    assert whole["payload"]["data"]["end_reason"] == "api_delete"


async def test_a_log_is_narrowed_down_by_status(api: Api, receiver: Receiver) -> None:
    made = await register(api, receiver.url, events=["voice_session.started"])
    session = (await api.create()).json["id"]
    log = f"{HOOKS}/{made['id']}/deliveries"
    await eventually(lambda: all_made(api, log, 1))

    for narrowed in (log + "?", f"{log}?session_id={session}&"):
        assert len(await deliveries(api, f"{narrowed}status=succeeded")) == 1
        none = await send(api, "GET", f"{narrowed}status=failed")
        assert (none.json, none.headers["X-Total-Count"]) == ([], "0")
    assert (await send(api, "GET", f"{log}?status=lost")).code == "validation_error"


async def test_a_replay_is_a_new_delivery_of_the_same_payload(api: Api, receiver: Receiver) -> None:
    made = await register(api, receiver.url)
    await api.create()
    log = f"{HOOKS}/{made['id']}/deliveries"
    await eventually(lambda: all_made(api, log, 1))
    (first,) = await deliveries(api, log)

    replay = await send(api, "POST", f"{log}/{first['id']}/replay")
    await eventually(lambda: all_made(api, log, 2))

    assert replay.status == 202
    assert (replay.json["replay_of"], replay.json["status"]) == (first["id"], "pending")
    one, two = receiver.received
    assert one.body == two.body
    assert [one.delivery_id, two.delivery_id] == [first["id"], replay.json["id"]]


async def test_a_replay_goes_to_where_the_endpoint_is_by_now(api: Api, receiver: Receiver) -> None:
    made = await register(api, "http://127.0.0.1:1/")
    await api.create()
    log = f"{HOOKS}/{made['id']}/deliveries"
    await eventually(lambda: all_made(api, log, 1))
    (failed,) = await deliveries(api, log)
    assert failed["status"] == "failed"

    await send(api, "PUT", f"{HOOKS}/{made['id']}", json={"url": receiver.url})
    await send(api, "POST", f"{log}/{failed['id']}/replay")
    await eventually(lambda: all_made(api, log, 2))

    assert len(receiver.received) == 1


async def test_a_test_is_one_signed_attempt_that_is_not_logged(
    api: Api, receiver: Receiver
) -> None:
    made = await register(api, receiver.url)
    path = f"{HOOKS}/{made['id']}"

    good = await send(api, "POST", f"{path}/test")
    receiver.answer(503)
    bad = await send(api, "POST", f"{path}/test")

    assert list(good.json) == ["success", "status_code", "latency_ms", "error"]
    assert (good.json["success"], good.json["status_code"], good.json["error"]) == (True, 200, None)
    assert (bad.status, bad.json["success"], bad.json["status_code"]) == (200, False, 503)
    first = receiver.received[0]
    assert (first.event, first.json["data"]) == ("test", {"webhook_id": made["id"]})
    signature = hmac.new(str(made["secret"]).encode(), first.body, hashlib.sha256).hexdigest()
    assert first.headers["X-CallMissed-Signature"] == f"sha256={signature}"
    assert len(receiver.received) == 2
    assert await deliveries(api, f"{path}/deliveries") == []


async def test_rotated_secrets_sign_from_then_on(api: Api, receiver: Receiver) -> None:
    made = await register(api, receiver.url)

    rotated = (await send(api, "POST", f"{HOOKS}/{made['id']}/rotate-secret")).json["secret"]
    await send(api, "POST", f"{HOOKS}/{made['id']}/test")

    assert SECRET.fullmatch(rotated)
    assert rotated != made["secret"]
    (one,) = receiver.received
    signature = hmac.new(rotated.encode(), one.body, hashlib.sha256).hexdigest()
    assert one.headers["X-CallMissed-Signature"] == f"sha256={signature}"


async def test_a_secret_whose_key_is_gone_is_a_state_that_a_rotation_ends(
    api: Api, receiver: Receiver
) -> None:
    made = await register(api, receiver.url)
    default = f"{HOOKS}/default-secret"
    await send(api, "GET", default)
    async with api.database.connection() as connection:
        for table in ("webhooks", "webhook_default_secrets"):
            await connection.execute(
                f"UPDATE {table} SET sealed_secret = '\\x00' WHERE tenant_id = $1",
                api.tenant_id,
            )

    path = f"{HOOKS}/{made['id']}"
    shown = [(await send(api, "GET", one)).json for one in (HOOKS, path, default)]
    tested = (await send(api, "POST", f"{path}/test")).json
    rotated = [
        (await send(api, "POST", one)).status
        for one in (f"{path}/rotate-secret", f"{default}/rotate")
    ]
    tested_again = (await send(api, "POST", f"{path}/test")).json

    assert [one["secret"] for one in (*shown[0], *shown[1:])] == [None, None, None]
    assert (tested["success"], "rotate" in tested["error"]) == (False, True)
    assert rotated == [200, 200]
    assert tested_again["success"]
    assert len(receiver.received) == 1


async def test_the_default_secret_is_masked_until_it_is_rotated(
    api: Api, receiver: Receiver
) -> None:
    path = f"{HOOKS}/default-secret"
    first = (await send(api, "GET", path)).json
    assert (await send(api, "GET", path)).json == first
    rotated = (await send(api, "POST", f"{path}/rotate")).json
    await api.create(webhook_url=receiver.url)
    await eventually(lambda: all_made(api, f"{HOOKS}/deliveries", 1))

    assert MASKED.fullmatch(first["secret"])
    assert SECRET.fullmatch(rotated["secret"])
    (one,) = receiver.received
    signature = hmac.new(rotated["secret"].encode(), one.body, hashlib.sha256).hexdigest()
    assert one.headers["X-CallMissed-Signature"] == f"sha256={signature}"


async def test_a_repeated_registration_gets_the_first_answer_and_makes_one_endpoint(
    api: Api,
) -> None:
    options = {"json": {"url": "https://shop.example/"}, "headers": {"Idempotency-Key": "once"}}

    answers = [await send(api, "POST", HOOKS, **options) for _ in range(2)]

    assert answers[0].json == answers[1].json
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert len((await send(api, "GET", HOOKS)).json) == 1


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "url"),
        ({"url": 7}, "url"),
        ({"url": "https://shop.example/" + "a" * 2048}, "url"),
        ({"url": "https://shop.example/\0"}, "url"),
        ({"url": "https://shop.example/", "events": []}, "events"),
        ({"url": "https://shop.example/", "events": ["session.ended"]}, "events.0"),
        ({"url": "https://shop.example/", "events": "voice_session.ended"}, "events"),
        ({"url": "https://shop.example/", "is_active": "yes"}, "is_active"),
        ([], "body"),
    ],
)
async def test_a_bad_field_is_named(api: Api, body: object, param: str) -> None:
    answer = await send(api, "POST", HOOKS, json=body)

    assert (answer.status, answer.code) == (422, "validation_error")
    assert answer.json["error"]["param"] == param


async def test_nothing_of_another_tenants_is_found(api: Api, receiver: Receiver) -> None:
    made = await register(api, receiver.url)
    await api.create(webhook_url=receiver.url)
    log = f"{HOOKS}/{made['id']}/deliveries"
    await eventually(lambda: all_made(api, log, 1))
    (theirs,) = await deliveries(api, log)
    (own,) = await deliveries(api, f"{HOOKS}/deliveries")

    other = await api.for_new_tenant()
    mine = await register(other, receiver.url)

    path = f"{HOOKS}/{made['id']}"
    for method, where in (
        ("GET", path),
        ("PUT", path),
        ("DELETE", path),
        ("POST", f"{path}/test"),
        ("POST", f"{path}/rotate-secret"),
        ("GET", f"{path}/deliveries"),
        ("GET", f"{log}/{theirs['id']}"),
        ("POST", f"{log}/{theirs['id']}/replay"),
        ("GET", f"{HOOKS}/{mine['id']}/deliveries/{theirs['id']}"),
        ("POST", f"{HOOKS}/{mine['id']}/deliveries/{theirs['id']}/replay"),
        ("GET", f"{HOOKS}/deliveries/{own['id']}"),
        ("POST", f"{HOOKS}/deliveries/{own['id']}/replay"),
        ("GET", f"{HOOKS}/{uuid4()}"),
        ("GET", f"{HOOKS}/{'-' * 36}"),
        ("GET", f"{HOOKS}/nonsense"),
        ("GET", f"{HOOKS}/deliveries/nonsense"),
    ):
        options = {"json": {"is_active": True}} if method == "PUT" else {}
        answer = await send(other, method, where, **options)
        assert (answer.status, answer.code) == (404, "not_found"), (method, where)
    assert await deliveries(other, f"{HOOKS}/deliveries?session_id={own['session_id']}") == []


async def test_keys_need_the_scope_and_people_the_role(api: Api) -> None:
    scoped = await api.new_key(scopes="webhooks:write")
    paths = [("GET", HOOKS), ("POST", f"{HOOKS}/default-secret/rotate")]
    for method, path in paths:
        plain = await api.send(method, path)
        allowed = await api.send(method, path, headers={"Authorization": f"Bearer {scoped}"})
        agent = await api.send(
            method, path, headers={"Authorization": f"Bearer {api.token(role='agent')}"}
        )
        assert (plain.status, plain.code) == (403, "permission_denied")
        assert "webhooks:write" in plain.json["error"]["message"]
        assert allowed.status == 200
        assert (agent.status, agent.code) == (403, "permission_denied")


async def test_a_private_address_is_refused_when_it_is_given(
    api_env: dict[str, str], dsn: str
) -> None:
    async with running_api({**api_env, "DATABASE_URL": dsn}) as api:
        made = await register(api, "https://8.8.8.8/hook")
        for url in ("http://127.0.0.1/", "http://localhost/", "http://0x7f.1/", "ftp://8.8.8.8/"):
            answers = (
                await api.create(webhook_url=url),
                await send(api, "POST", HOOKS, json={"url": url}),
                await send(api, "PUT", f"{HOOKS}/{made['id']}", json={"url": url}),
            )
            assert {(one.status, one.code) for one in answers} == {(400, "invalid_webhook_url")}
            params = [one.json["error"]["param"] for one in answers]
            assert params == ["webhook_url", "url", "url"]
        assert await api.row_count() == 0


async def test_an_empty_address_is_no_webhook_url(api: Api) -> None:
    answer = await send(api, "POST", HOOKS, json={"url": ""})

    assert (answer.status, answer.code) == (400, "invalid_webhook_url")
    assert answer.json["error"]["param"] == "url"
