"""Every field of every body, every id of every path, in hands that mean no good."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from control_api.openapi.operation import Access, Operation
from control_api.operations import OPERATIONS
from core.rights import Scope
from tests.integration.api import Answer, Api, running_api

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOBODY: Final = "http://127.0.0.1:9/webhooks"
DEEP: Final = 2_000
# As text: most of it is nothing that a JSON writer would write.
HOSTILE: Final = {
    "nul": r'"a\u0000b"',
    "lone surrogate": r'"\ud800"',
    "surrogate key": r'{"\udfff": "x"}',
    "nul key": r'{"\u0000": "x"}',
    "deep list": "[" * DEEP + "]" * DEEP,
    "deep object": '{"a":' * DEEP + "1" + "}" * DEEP,
    "huge float": "1e999",
    "long integer": "9" * 5_000,
    "large integer": str(2**63),
    "negative": "-1",
    "NaN": "NaN",
    "Infinity": "-Infinity",
    "true": "true",
    "list": "[]",
    "object": "{}",
    "long text": json.dumps("x" * 200_000),
    "control characters": json.dumps("\x01\x1b[2J\u202e\ufeff"),
    "sql": json.dumps("'; DROP TABLE sessions; --"),
    "template": json.dumps("{{__class__}} %s ${x} {0}"),
}
NEVER: Final = ("nul", "lone surrogate", "twice", "NaN", "Infinity", "deep list", "deep object")
# An unknown field is ignored whatever its name, but these keep the names that they are given.
NEVER_AS_KEYS: Final = {
    f"{field}: {name}"
    for field in ("metadata", "variables")
    for name in ("nul key", "surrogate key")
}
WITH_BODY: Final = [one for one in OPERATIONS if one.body is not None]
WITH_PATH: Final = [
    one for one in OPERATIONS if one.path_parameters and "model_id" not in one.path_parameters
]
OWNED: Final = [
    one
    for one in WITH_PATH
    if one.access is not Access.OPEN and "voice_id" not in one.path_parameters
]
"""A voice, like a model, is everybody's; a signed link is whoever's it was given to."""


@pytest_asyncio.fixture(loop_scope="session")
async def lenient_api(dsn: str, api_env: dict[str, str]) -> AsyncIterator[Api]:
    """An API of the test's own, which lets webhooks go to this machine."""
    env = {**api_env, "DATABASE_URL": dsn, "WEBHOOK_ALLOW_PRIVATE": "true"}
    async with running_api(env) as running:
        yield running


async def as_owner(api: Api, method: str, path: str, **options: Any) -> Answer:
    headers = {"Authorization": f"Bearer {api.token()}", **options.pop("headers", {})}
    return await api.send(method, path, headers=headers, **options)


def bodies(operation: Operation) -> Iterator[tuple[str, str]]:
    """Each field with each hostile value, the other fields as in the example; then twice."""
    assert operation.body is not None
    example = {**(operation.example or {})}
    for field in operation.body.model_fields:
        others = json.dumps({name: one for name, one in example.items() if name != field})[1:-1]
        for name, value in HOSTILE.items():
            yield (
                f"{field}: {name}",
                "{" + ", ".join(filter(None, [f'"{field}": {value}', others])) + "}",
            )
        twice = f'"{field}": null'
        yield f"{field}: twice", "{" + f"{twice}, {twice}" + "}"
    yield from ((name, value) for name, value in HOSTILE.items())


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda one: one.name)
async def test_no_field_of_a_body_brings_the_api_down(
    api: Api, operation: Operation, caplog: pytest.LogCaptureFixture
) -> None:
    path = operation.path.format(**dict.fromkeys(operation.path_parameters, uuid4()))
    for what, body in bodies(operation):
        answer = await as_owner(
            api,
            operation.method,
            path,
            data=body.encode(),
            headers={"Content-Type": "application/json"},
        )

        assert answer.status < 500, (what, answer.body)
        if answer.status >= 400:
            assert set(answer.json["error"]) >= {"message", "type", "code", "request_id"}, what
        if what.endswith(NEVER) or what in NEVER_AS_KEYS:
            assert answer.status in {400, 404, 422}, (what, answer.status)
    assert "request.failed" not in [record.message for record in caplog.records]


async def own_everything(api: Api) -> dict[str, str]:
    """One of each thing that has an id."""
    session = await as_owner(api, "POST", "/v1/voice/sessions", json={"webhook_url": NOBODY})
    bot = await as_owner(api, "POST", "/api/v1/bots", json={"name": "mine"})
    document = await as_owner(
        api,
        "POST",
        f"/api/v1/bots/{bot.json['id']}/knowledge",
        json={"name": "mine", "content": "mine"},
    )
    webhook = await as_owner(api, "POST", "/api/v1/webhooks", json={"url": NOBODY})
    key = await as_owner(api, "POST", "/api/v1/keys", json={"name": "mine"})
    deliveries = await as_owner(api, "GET", "/api/v1/webhooks/deliveries")
    return {
        "session_id": session.json["id"],
        "bot_id": bot.json["id"],
        "number": "1",
        "document_id": document.json["id"],
        "webhook_id": webhook.json["id"],
        "key_id": key.json["id"],
        "delivery_id": deliveries.json[0]["id"],
    }


async def test_another_tenants_ids_read_like_ids_that_nobody_has(lenient_api: Api) -> None:
    mine = await own_everything(lenient_api)
    stranger = await lenient_api.for_new_tenant()
    key = await stranger.new_key(scopes=",".join(Scope))
    for operation in OWNED:
        unknown = {name: str(uuid4()) for name in mine}
        tokens = [stranger.token(), *([key] if operation.access is Access.ANYONE else [])]
        for token in tokens:
            told = [await told_of(stranger, operation, ids, token=token) for ids in (mine, unknown)]

            assert told[0] == told[1], operation.name
            assert told[0][0] == 404, operation.name

    bot = await as_owner(stranger, "POST", "/v1/voice/sessions", json={"bot_id": mine["bot_id"]})
    assert (bot.status, bot.code) == (404, "not_found")
    listed = await as_owner(
        stranger, "GET", f"/api/v1/webhooks/deliveries?session_id={mine['session_id']}"
    )
    assert (listed.json, listed.headers["X-Total-Count"]) == ([], "0")


async def told_of(
    api: Api, operation: Operation, ids: dict[str, str], *, token: str
) -> tuple[int, dict[str, Any]]:
    """What a stranger learns, less what differs between any two answers."""
    answer = await api.send(
        operation.method,
        operation.path.format(**ids),
        headers={"Authorization": f"Bearer {token}"},
        **({} if operation.body is None else {"json": operation.example}),
    )
    error = {k: v for k, v in answer.json["error"].items() if k != "request_id"}
    return answer.status, error


@pytest.mark.parametrize("operation", WITH_PATH, ids=lambda one: one.name)
@pytest.mark.parametrize(
    "given",
    [
        "x",
        "%00",
        "%ff",
        "..%2f..",
        "0" * 36,
        str(UUID(int=0)).replace("-", ""),
        f"%7B{UUID(int=0)}%7D",
        f"urn:uuid:{UUID(int=0)}",
        f"{UUID(int=0)}%0a",
        "٠" * 8 + "-0000-0000-0000-000000000000",
        "a" * 4_000,
    ],
    ids=lambda given: given[:12],
)
async def test_what_is_no_id_is_not_found(api: Api, operation: Operation, given: str) -> None:
    path = operation.path.format(**dict.fromkeys(operation.path_parameters, given))
    body = {} if operation.body is None else {"json": operation.example}

    answer = await as_owner(api, operation.method, path, **body)

    assert (answer.status, answer.code) == (404, "not_found")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
async def test_hostile_headers_and_queries_are_answered_below_500(
    api: Api, operation: Operation
) -> None:
    path = operation.path.format(**dict.fromkeys(operation.path_parameters, uuid4()))
    headers = {
        "Idempotency-Key": "\xff\x80",
        "Last-Event-ID": "9" * 400,
        "X-Request-Id": "\xff" * 200,
        "Origin": "\xff://[",
        "Content-Encoding": "gzip, gzip",
        "Accept": "\xff",
    }
    queries = ["limit=9e9&offset=-1", "limit=%00&offset=%ff&days=1e3&status=%f0", "from=&to=%2b0"]
    for query in [*queries, "offset=9223372036854775808", "session_id=%00&group_by=%5b%5d"]:
        owner = {"Authorization": f"Bearer {api.token()}"}
        # The head alone: a stream's body has no end.
        async with api.http.request(
            operation.method, f"{path}?{query}", headers={**headers, **owner}
        ) as response:
            assert response.status < 500, query
