"""What a plan caps, with two API processes on one database."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import pytest
import pytest_asyncio

from core.rights import Plan
from store.tenants import TenantRepository
from tests.eventually import eventually
from tests.integration.api import SESSIONS, Answer, Api, running_api
from tests.integration.sse import stream
from tests.servers import ApiProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")

BOTS = "/api/v1/bots"
WEBHOOKS = "/api/v1/webhooks"
BOT = {"name": "till"}
DOCUMENT = {"name": "hours", "content": "We open at nine."}
ENDPOINT = {"url": "https://93.184.216.34/calls"}


@dataclass(frozen=True)
class Capped:
    """What is created at `path`, in a bot of its own where that needs one, and how many of it the
    free plan allows."""

    path: str
    body: dict[str, Any]
    most: int
    refusal: str


CAPPED = [
    pytest.param(
        Capped(WEBHOOKS, ENDPOINT, 2, "The plan allows 2 webhook endpoints."), id="webhooks"
    ),
    pytest.param(Capped(BOTS, BOT, 3, "The plan allows 3 bots."), id="bots"),
    pytest.param(
        Capped(f"{BOTS}/{{bot_id}}/knowledge", DOCUMENT, 10, "The plan allows 10 documents a bot."),
        id="documents",
    ),
]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def processes(api_env: dict[str, str]) -> AsyncIterator[Sequence[ApiProcess]]:
    """Two APIs on the run's database."""
    async with ApiProcess.several(2, api_env) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def free(api: Api) -> Api:
    """The API as a tenant on the free plan sees it."""
    return await api.for_new_tenant(Plan.FREE)


async def as_owner(api: Api, method: str, path: str, **options: Any) -> Answer:
    headers = {"Authorization": f"Bearer {api.token()}", **options.pop("headers", {})}
    return await api.send(method, path, headers=headers, **options)


async def path_of(api: Api, capped: Capped) -> str:
    if "{bot_id}" not in capped.path:
        return capped.path
    return capped.path.format(bot_id=(await as_owner(api, "POST", BOTS, json=BOT)).json["id"])


async def count(api: Api, path: str) -> int:
    return int((await as_owner(api, "GET", path)).headers["X-Total-Count"])


@pytest.mark.parametrize("capped", CAPPED)
async def test_creates_at_once_leave_exactly_the_cap(
    free: Api, processes: Sequence[ApiProcess], capped: Capped
) -> None:
    path, n = await path_of(free, capped), capped.most + 6
    urls = [one.url for one, _ in zip(cycle(processes), range(n), strict=False)]

    answers = await asyncio.gather(
        *(as_owner(free, "POST", f"{url}{path}", json=capped.body) for url in urls)
    )

    assert Counter(one.status for one in answers) == {201: capped.most, 409: 6}
    refused = [one.json["error"] for one in answers if one.status == 409]
    assert {(one["code"], one["message"]) for one in refused} == {("conflict", capped.refusal)}
    assert await count(free, path) == capped.most


@pytest.mark.parametrize("capped", CAPPED)
async def test_one_that_goes_makes_room_for_another(free: Api, capped: Capped) -> None:
    path = await path_of(free, capped)
    made = [await as_owner(free, "POST", path, json=capped.body) for _ in range(capped.most)]
    refused = await as_owner(free, "POST", path, json=capped.body)
    assert (refused.status, refused.code) == (409, "conflict")

    await as_owner(free, "DELETE", f"{path}/{made[0].json['id']}")

    assert (await as_owner(free, "POST", path, json=capped.body)).status == 201


@pytest.mark.parametrize("capped", CAPPED)
async def test_a_repeated_create_is_answered_at_the_cap_as_it_was_below(
    free: Api, capped: Capped
) -> None:
    path = await path_of(free, capped)

    async def create(key: str) -> Answer:
        headers = {"Idempotency-Key": key}
        return await as_owner(free, "POST", path, json=capped.body, headers=headers)

    made = [await create(str(index)) for index in range(capped.most)]
    assert (await create("one more")).status == 409

    again = await create("0")

    assert (again.status, again.body) == (201, made[0].body)
    await as_owner(free, "DELETE", f"{path}/{made[1].json['id']}")
    assert (await create("one more")).status == 201


async def test_a_lowered_plan_takes_nothing_away(api: Api) -> None:
    made = [(await as_owner(api, "POST", WEBHOOKS, json=ENDPOINT)).json for _ in range(4)]
    async with api.database.connection() as connection:
        await TenantRepository(connection).set_plan(api.tenant_id, Plan.FREE)
    paths = [f"{WEBHOOKS}/{one['id']}" for one in made]

    assert (await as_owner(api, "POST", WEBHOOKS, json=ENDPOINT)).status == 409
    assert (await as_owner(api, "PUT", paths[0], json={"is_active": False})).status == 200
    assert (await as_owner(api, "DELETE", paths[0])).status == 204
    assert (await as_owner(api, "POST", WEBHOOKS, json=ENDPOINT)).status == 409
    assert await count(api, WEBHOOKS) == 3


async def test_a_bots_documents_have_exactly_their_bytes(
    free: Api, processes: Sequence[ApiProcess]
) -> None:
    bot = (await as_owner(free, "POST", BOTS, json=BOT)).json
    path, hindi = f"{BOTS}/{bot['id']}/knowledge", {"name": "hours", "content": "नौ " * 20_000}
    size = len(hindi["content"].encode())  # 7 bytes for "नौ "
    urls = [one.url for one, _ in zip(cycle(processes), range(9), strict=False)]

    answers = await asyncio.gather(
        *(as_owner(free, "POST", f"{url}{path}", json=hindi) for url in urls)
    )
    left = 1_000_000 - 7 * size
    too_long = await as_owner(free, "POST", path, json={**DOCUMENT, "content": "x" * (left + 1)})
    fitting = await as_owner(free, "POST", path, json={**DOCUMENT, "content": "x" * left})

    assert Counter(one.status for one in answers) == {201: 7, 409: 2}
    assert too_long.code == "conflict"
    assert (
        too_long.json["error"]["message"] == "The plan allows 1,000,000 bytes of documents a bot."
    )
    assert fitting.status == 201
    assert await count(free, path) == 8


async def test_a_tenant_has_so_many_streams_open_and_no_more(api_env: dict[str, str]) -> None:
    async with (
        running_api({**api_env, "EVENTS_COMMENT_INTERVAL_S": "0.05"}) as api,
        AsyncExitStack() as stack,
    ):
        free, other = await api.for_new_tenant(Plan.FREE), await api.for_new_tenant(Plan.FREE)
        urls = [f"{SESSIONS}/{(await free.create()).json['id']}/events", f"{SESSIONS}/events"]
        for url in urls * 5:
            await stack.enter_async_context(stream(free.http, url, free.key))

        for url in urls:
            refused = await free.get(url)
            assert (refused.status, refused.code) == (429, "too_many_concurrent_requests")
            assert refused.json["error"]["message"] == "The plan allows 10 open event streams."
            assert int(refused.headers["Retry-After"]) > 0
        async with stream(other.http, urls[1], other.key) as events:
            assert events.response.status == 200

        async def is_served() -> bool:
            async with stream(free.http, urls[1], free.key) as events:
                return events.response.status == 200

        await stack.aclose()
        await eventually(is_served, what="a stream after the others left")
