"""How many requests of one tenant a process has at hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from tests.eventually import eventually
from tests.integration.api import NOBODYS, SESSIONS, Answer, Api, running_api
from tests.integration.sse import stream

pytestmark = pytest.mark.asyncio(loop_scope="session")

MOST = 3
COUNTED = """
SELECT coalesce(sum(n_requests), 0)::int FROM key_windows
JOIN api_keys ON api_keys.id = key_id WHERE tenant_id = $1"""


@asynccontextmanager
async def of_few(env: dict[str, str]) -> AsyncIterator[Api]:
    async with running_api({**env, "API_TENANT_REQUESTS": str(MOST)}) as api:
        yield api


@asynccontextmanager
async def dawdling_creates(api: Api, n: int) -> AsyncIterator[list[asyncio.Task[Answer]]]:
    """Requests that are let in, and whose bodies come only at the block's end."""
    rest, before = asyncio.Event(), await n_counted(api)

    async def are_let_in() -> bool:
        return await n_counted(api) == before + n

    async def body() -> AsyncIterator[bytes]:
        yield b"{"
        await rest.wait()
        yield b"}"

    headers = {"Content-Type": "application/json"}
    async with asyncio.TaskGroup() as group:
        sending = [
            group.create_task(api.send("POST", SESSIONS, data=body(), headers=headers))
            for _ in range(n)
        ]
        try:
            await eventually(are_let_in, what="the creates are let in")
            yield sending
        finally:
            rest.set()


async def n_counted(api: Api) -> int:
    """Requests with the tenant's keys, before any of them is looked at any further."""
    async with api.database.connection() as connection:
        return int(await connection.fetchval(COUNTED, api.tenant_id))


async def is_refused(api: Api) -> bool:
    return (await api.get(SESSIONS)).status == 429


async def test_a_tenant_with_its_hands_full_is_refused_and_another_is_served(
    api_env: dict[str, str],
) -> None:
    async with of_few(api_env) as loud:
        quiet = await loud.for_new_tenant()
        async with dawdling_creates(loud, MOST) as creates:
            refused = await loud.get(SESSIONS)
            assert (refused.status, refused.code) == (429, "too_many_concurrent_requests")
            assert refused.json["error"]["type"] == "rate_limit_error"
            assert refused.json["error"]["message"] == (
                f"At most {MOST} requests of this tenant are answered at once."
            )
            assert refused.headers["Retry-After"] == "1"
            assert (await quiet.create()).status == 201
        assert [(await one).status for one in creates] == [201] * MOST
        assert (await loud.get(SESSIONS)).status == 200


async def test_who_is_not_known_is_told_so_however_much_is_at_hand(
    api_env: dict[str, str],
) -> None:
    async with of_few(api_env) as api, dawdling_creates(api, MOST):
        assert await is_refused(api)
        for bearer in ("cm_live_unknown", "no.token.atall"):
            refused = await api.get(SESSIONS, headers={"Authorization": f"Bearer {bearer}"})
            assert (refused.status, refused.code) == (401, "invalid_api_key")


async def test_streams_are_not_at_hand(api_env: dict[str, str]) -> None:
    async with of_few(api_env) as api, AsyncExitStack() as stack:
        session_id = (await api.create()).json["id"]
        for url in [f"{SESSIONS}/events", f"{SESSIONS}/{session_id}/events"] * MOST:
            opened = await stack.enter_async_context(stream(api.http, url, api.key))
            assert opened.response.status == 200
        assert (await api.get(SESSIONS)).status == 200


async def test_what_fails_is_at_hand_no_more(api_env: dict[str, str]) -> None:
    async with of_few(api_env) as api:
        for _ in range(MOST):
            assert (await api.send("POST", SESSIONS, data=b"{")).status == 415
            assert (await api.get(f"{SESSIONS}/{NOBODYS}")).status == 404
        assert not await is_refused(api)


async def test_a_client_that_leaves_is_at_hand_no_more(api_env: dict[str, str]) -> None:
    async with of_few(api_env) as api, dawdling_creates(api, MOST) as creates:
        assert await is_refused(api)
        for one in creates:
            one.cancel()

        async def is_served() -> bool:
            return not await is_refused(api)

        await eventually(is_served, what="one is served after they left")
