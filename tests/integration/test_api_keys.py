"""API keys, managed over HTTP."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.integration.api import SESSIONS, Answer, Api

pytestmark = pytest.mark.asyncio(loop_scope="session")

KEYS = "/api/v1/keys"
FIELDS = [
    "id", "name", "prefix", "permissions", "scopes", "allowed_domains", "allowed_models",
    "rate_limit_rpm", "budget_limit", "budget_used", "is_active", "expires_at", "last_used_at",
    "created_at",
]  # fmt: skip


async def as_owner(api: Api, method: str, path: str, **options: Any) -> Answer:
    headers = {"Authorization": f"Bearer {api.token()}", **options.pop("headers", {})}
    return await api.send(method, path, headers=headers, **options)


async def new_key(api: Api, **fields: Any) -> dict[str, Any]:
    answer = await as_owner(api, "POST", KEYS, json={"name": "till", **fields})
    assert answer.status == 201, answer.json
    made: dict[str, Any] = answer.json
    return made


async def status_with(api: Api, key: str) -> tuple[int, str]:
    answer = await api.get(SESSIONS, headers={"Authorization": f"Bearer {key}"})
    return answer.status, "" if answer.status == 200 else answer.code


async def test_a_key_is_shown_whole_once(api: Api) -> None:
    made = await new_key(api, scopes="bots:read", budget_limit=2.5)
    plaintext = made.pop("key")
    got = await as_owner(api, "GET", f"{KEYS}/{made['id']}")

    assert re.fullmatch(r"cm_live_[A-Za-z0-9_-]{43}", plaintext)
    assert plaintext.startswith(made["prefix"])
    assert list(made) == FIELDS
    assert got.json == made
    assert (made["scopes"], made["budget_limit"], made["budget_used"]) == ("bots:read", 2.5, 0)
    assert await status_with(api, plaintext) == (200, "")


async def test_keys_are_listed_newest_first(api: Api) -> None:
    ids = [(await new_key(api))["id"] for _ in range(3)]
    answer = await as_owner(api, "GET", f"{KEYS}?limit=2&offset=1")

    assert [one["id"] for one in answer.json] == [ids[1], ids[0]]
    assert answer.headers["X-Total-Count"] == "4"  # the tenant's first one, too
    assert all("key" not in one for one in answer.json)


async def test_a_change_touches_what_it_names(api: Api) -> None:
    made = await new_key(api, rate_limit_rpm=5, budget_limit=1, permissions="stt")
    path = f"{KEYS}/{made['id']}"
    changed = await as_owner(
        api, "PATCH", path, json={"name": "shop", "budget_limit": None, "permissions": None}
    )

    assert changed.status == 200
    assert changed.json["name"] == "shop"
    assert changed.json["budget_limit"] is None
    assert (changed.json["rate_limit_rpm"], changed.json["permissions"]) == (5, "stt")
    untouched = await as_owner(api, "PATCH", path, json={})
    assert untouched.json == changed.json


async def test_a_key_that_is_switched_off_is_refused_until_it_is_on_again(api: Api) -> None:
    made = await new_key(api)
    path = f"{KEYS}/{made['id']}"
    await as_owner(api, "PATCH", path, json={"is_active": False})
    off = await status_with(api, made["key"])
    await as_owner(api, "PATCH", path, json={"is_active": True})

    assert off == (401, "invalid_api_key")
    assert await status_with(api, made["key"]) == (200, "")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000Z"),
        ("0001-01-01T00:00:00.001Z", "0001-01-01T00:00:00.001Z"),
    ],
)
async def test_a_key_may_expire_at_the_ends_of_time(api: Api, given: str, kept: str) -> None:
    made = await new_key(api, expires_at=given)

    assert made["expires_at"] == kept
    read = await as_owner(api, "GET", f"{KEYS}/{made['id']}")
    assert read.json["expires_at"] == kept


async def test_a_key_ends_when_it_expires(api: Api) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    made = await new_key(api, expires_at=past.isoformat())

    assert await status_with(api, made["key"]) == (401, "api_key_expired")


async def test_rotating_ends_the_old_plaintext_at_once(api: Api) -> None:
    made = await new_key(api, name="till")
    rotated = await as_owner(api, "POST", f"{KEYS}/{made['id']}/rotate")

    assert rotated.status == 200
    assert (rotated.json["id"], rotated.json["name"]) == (made["id"], "till")
    assert rotated.json["key"].startswith(rotated.json["prefix"])
    assert await status_with(api, made["key"]) == (401, "invalid_api_key")
    assert await status_with(api, rotated.json["key"]) == (200, "")


async def test_a_revoked_key_is_gone_for_good(api: Api) -> None:
    made = await new_key(api)
    path = f"{KEYS}/{made['id']}"
    assert (await as_owner(api, "DELETE", path)).status == 204

    assert await status_with(api, made["key"]) == (401, "invalid_api_key")
    for method, where in (
        ("GET", path),
        ("PATCH", path),
        ("DELETE", path),
        ("POST", f"{path}/rotate"),
    ):
        body = {"json": {"is_active": True}} if method == "PATCH" else {}
        assert (await as_owner(api, method, where, **body)).code == "not_found"


async def test_another_tenants_key_reads_as_unknown(api: Api) -> None:
    made = await new_key(api)
    other = await api.for_new_tenant()
    theirs, unknown = [
        await as_owner(other, "GET", f"{KEYS}/{key_id}") for key_id in (made["id"], uuid4())
    ]

    assert theirs.status == unknown.status == 404
    assert theirs.json["error"]["message"] == unknown.json["error"]["message"]
    assert (await as_owner(other, "DELETE", f"{KEYS}/{made['id']}")).status == 404
    assert await status_with(api, made["key"]) == (200, "")


async def test_keys_are_managed_by_owners_and_admins_only(api: Api) -> None:
    for method, path in (("GET", KEYS), ("POST", KEYS), ("DELETE", f"{KEYS}/{uuid4()}")):
        body = {"json": {"name": "x"}} if method == "POST" else {}
        with_key = await api.send(method, path, **body)
        bearer = {"Authorization": f"Bearer {api.token(role='agent')}"}
        as_agent = await api.send(method, path, headers=bearer, **body)
        assert (with_key.status, with_key.code) == (403, "permission_denied")
        assert (as_agent.status, as_agent.code) == (403, "permission_denied")
    admin = {"Authorization": f"Bearer {api.token(role='admin')}"}
    assert (await api.get(KEYS, headers=admin)).status == 200


async def test_a_repeated_request_makes_one_key(api: Api) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    first, second = [
        await as_owner(api, "POST", KEYS, json={"name": "till"}, headers=headers) for _ in range(2)
    ]

    assert second.json == first.json
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len((await as_owner(api, "GET", KEYS)).json) == 2
