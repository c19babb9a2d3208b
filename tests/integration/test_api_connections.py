"""Connections: as many as there may be, and none that asks nothing for long."""

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from tests.eventually import eventually
from tests.integration.api import SESSIONS, Api, running_api

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def narrow_api(api_env: dict[str, str]) -> AsyncIterator[Api]:
    async with running_api({**api_env, "API_MAX_CONNECTIONS": "3"}) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def impatient_api(api_env: dict[str, str]) -> AsyncIterator[Api]:
    async with running_api({**api_env, "API_KEEP_ALIVE_S": "0.5"}) as running:
        yield running


async def ended(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the server ends the connection."""
    async with asyncio.timeout(60.0):
        return await reader.read()


async def test_one_too_many_is_told_and_closed_and_there_is_room_again(narrow_api: Api) -> None:
    port = narrow_api.port
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(4)]
    try:
        head, _, body = (await ended(opened[3][0])).partition(b"\r\n\r\n")
    finally:
        for _, writer in opened:
            writer.close()

    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"Retry-After: 1" in head
    assert json.loads(body)["error"]["code"] == "service_unavailable"

    async def is_served() -> bool:
        try:
            return (await narrow_api.get(SESSIONS)).status == 200
        except aiohttp.ClientError:  # sent away before it had asked
            return False

    await eventually(is_served)


@pytest.mark.parametrize("sent", [b"", b"GET /v1/voice/sessions HTTP/1.1\r\nHost: "])
async def test_a_connection_that_asks_nothing_whole_is_closed(
    impatient_api: Api, sent: bytes
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", impatient_api.port)
    try:
        writer.write(sent)
        await writer.drain()

        assert await ended(reader) == b""
    finally:
        writer.close()
