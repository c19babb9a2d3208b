"""The audit over HTTP: what is put down, for whom, and who may read it."""

from typing import Any

import pytest

from tests.integration.api import SESSIONS, Answer, Api

pytestmark = pytest.mark.asyncio(loop_scope="session")

AUDIT = "/api/v1/audit"


async def send(api: Api, method: str, path: str, **options: Any) -> Answer:
    """As the tenant's owner."""
    return await api.send(
        method, path, headers={"Authorization": f"Bearer {api.token()}"}, **options
    )


async def entries(api: Api) -> list[tuple[str, str]]:
    answer = await send(api, "GET", f"{AUDIT}?limit=200")
    assert answer.headers["X-Total-Count"] == str(len(answer.json))
    return [(one["action"], one["resource"]) for one in answer.json]


async def test_an_entry_says_who_did_what_when_and_from_where(api: Api) -> None:
    made = (await send(api, "POST", "/api/v1/keys", json={"name": "site"})).json

    (entry,) = (await send(api, "GET", AUDIT)).json

    assert list(entry) == ["id", "at", "actor", "action", "resource", "address"]
    assert (entry["action"], entry["resource"]) == ("key.create", made["id"])
    assert entry["actor"]["kind"] == "jwt"
    assert entry["actor"]["id"]
    assert entry["at"].endswith("Z")
    assert entry["address"] == "127.0.0.1"


async def test_whatever_changes_keys_webhooks_bots_and_secrets_is_there(api: Api) -> None:
    done: list[tuple[str, str]] = []
    for path, kind, body in (
        ("/api/v1/keys", "key", {"name": "site"}),
        ("/api/v1/webhooks", "webhook", {"url": "https://8.8.8.8/"}),
        ("/api/v1/bots", "bot", {"name": "Asha's"}),
    ):
        one = (await send(api, "POST", path, json=body)).json["id"]
        change = "PUT" if kind == "webhook" else "PATCH"
        assert (await send(api, change, f"{path}/{one}", json={"is_active": False})).status == 200
        if kind == "key":
            await send(api, "POST", f"{path}/{one}/rotate")
            done.append(("key.rotate", one))
        if kind == "webhook":
            await send(api, "POST", f"{path}/{one}/rotate-secret")
            await send(api, "POST", f"{path}/default-secret/rotate")
            done += [("secret.rotate", one), ("secret.rotate", str(api.tenant_id))]
        if kind == "bot":
            await send(api, "PATCH", f"{path}/{one}", json={"system_prompt": "Be kind."})
            for _ in range(2):  # of which the second has nothing to do
                await send(api, "POST", f"{path}/{one}/publish")
            await send(api, "POST", f"{path}/{one}/versions/1/restore")
            done += [("bot.change", one), ("bot.publish", one), ("bot.restore", one)]
        assert (await send(api, "DELETE", f"{path}/{one}")).status == 204
        end = "revoke" if kind == "key" else "delete"
        done += [(f"{kind}.{action}", one) for action in ("create", "change", end)]

    found = await entries(api)

    assert sorted(found) == sorted(done)


async def test_what_is_refused_leaves_no_entry(api: Api) -> None:
    missing = "00000000-0000-4000-8000-000000000000"
    for method, path, body in (
        ("DELETE", f"/api/v1/keys/{missing}", None),
        ("PUT", f"/api/v1/webhooks/{missing}", {"is_active": False}),
        ("PATCH", f"/api/v1/bots/{missing}", {"is_active": False}),
        ("POST", f"{SESSIONS}/{missing}/erase", None),
    ):
        assert (await send(api, method, path, json=body)).status == 404

    assert await entries(api) == []


async def test_a_key_is_named_by_its_id(api: Api) -> None:
    key = await api.new_key(scopes="bots:write")
    bot = {"name": "Asha's"}
    headers = {"Authorization": f"Bearer {key}"}
    await api.send("POST", "/api/v1/bots", json=bot, headers=headers)

    (entry,) = (await send(api, "GET", AUDIT)).json

    listed = (await send(api, "GET", "/api/v1/keys")).json
    assert entry["actor"] == {"kind": "key", "id": listed[0]["id"]}
    assert key not in str(entry)


async def test_the_audit_is_for_managers_of_the_tenant(api: Api) -> None:
    await send(api, "POST", "/api/v1/bots", json={"name": "Asha's"})
    other = await api.for_new_tenant()
    statuses = [
        (await api.send("GET", AUDIT, headers={"Authorization": who})).status
        for who in (
            f"Bearer {api.token(role='admin')}",
            f"Bearer {api.token(role='agent')}",
            f"Bearer {api.key}",
            None,
        )
    ]

    assert statuses == [200, 403, 403, 401]
    assert (await send(other, "GET", AUDIT)).json == []
