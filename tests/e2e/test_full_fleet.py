"""More callers than places: who got a session is greeted, everybody else is told at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import Final

import asyncpg
import pytest
import pytest_asyncio

from core.setting_groups import CONNECTIONS_A_CALL
from sandbox.server import Sandbox
from tests.e2e import room
from tests.e2e.account import SESSIONS, Account, Json, call, opened
from tests.e2e.scripts import TALK
from tests.e2e.system import System, running
from tests.eventually import eventually
from tests.servers import ApiProcess, EmbeddedPostgres, LiveKitServer

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.lengthy]

CAPACITY: Final = 4
"""Three of four are more than a livekit-server's target load."""
BURST: Final = 10
TOLD: Final = "SELECT sum(active) FROM workers"
SOCKETS: Final = {"stt-ws": "/speech-to-text", "tts-ws": "/text-to-speech"}


@dataclass(frozen=True)
class Answer:
    """What a create was told."""

    status: int
    retry_after: str | None
    body: Json


@pytest_asyncio.fixture(loop_scope="session")
async def small(postgres: EmbeddedPostgres, livekit_server: LiveKitServer) -> AsyncIterator[System]:
    """A system whose only worker has few places, and fewer warm processes."""
    few = {"AGENT_CAPACITY": str(CAPACITY), "AGENT_IDLE_PROCESSES": "2", "ADMISSION_WAIT_S": "1"}
    async with running(postgres, livekit_server, **few) as system:
        await has_told(system, 0)
        yield system


async def create(account: Account, api_url: str = "") -> Answer:
    async with account.http.post(f"{api_url}{SESSIONS}", json={}) as response:
        return Answer(response.status, response.headers.get("Retry-After"), await response.json())


async def create_once_there_is_a_place(account: Account) -> Json:
    """As a client does that is told to come back; a tenant may ask ten times a minute."""
    for _ in range(9):
        answer = await create(account)
        if answer.status != 503:
            break
        await asyncio.sleep(1)
    assert answer.status == 201, answer.body
    return answer.body


@asynccontextmanager
async def greeted(*sessions: Json) -> AsyncIterator[AsyncExitStack]:
    """A caller in each of them, all at once, who has heard the greeting."""
    async with AsyncExitStack() as calls:
        entered = (calls.enter_async_context(call(one)) for one in sessions)
        callers = await asyncio.gather(*entered)
        await asyncio.gather(*(room.turn(caller, 0) for caller in callers))
        yield calls


async def has_told(system: System, n: int) -> None:
    """Until the worker says that it holds so many sessions."""
    connection = await asyncpg.connect(system.dsn)

    async def is_told() -> bool:
        return bool(await connection.fetchval(TOLD) == n)

    try:
        await eventually(is_told, what=f"{n} sessions told")
    finally:
        await connection.close()


def n_open(sandbox: Sandbox, path: str) -> int:
    return sum(one.is_open and one.path.startswith(path) for one in sandbox.requests)


async def test_of_a_burst_beyond_the_fleet_nobody_is_left_in_silence(small: System) -> None:
    async with (
        ApiProcess.several(1, small.env) as (other,),
        small.providers(TALK) as sandbox,
        opened(small) as account,
        opened(small) as late,
    ):
        urls = zip(range(BURST), cycle((small.api.url, other.url)), strict=False)
        answers = await asyncio.gather(*(create(account, url) for _, url in urls))

        refused = [one for one in answers if one.status != 201]
        made = [one.body for one in answers if one.status == 201]
        assert len(made) == CAPACITY
        assert {(one.status, one.body["error"]["code"]) for one in refused} == {
            (503, "service_unavailable")
        }
        assert all(int(one.retry_after or 0) > 0 for one in refused)

        async with greeted(*made):
            await has_told(small, CAPACITY)
            for service, path in SOCKETS.items():
                assert n_open(sandbox, path) <= CAPACITY * CONNECTIONS_A_CALL[service]
            await account.delete(made[0]["id"])
            async with greeted(await create_once_there_is_a_place(late)):
                await has_told(small, CAPACITY)
