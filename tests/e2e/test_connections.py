"""How many of Postgres's connections a worker holds for its calls."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest

from tests.e2e import room
from tests.e2e.account import call, opened
from tests.e2e.system import System
from tests.eventually import eventually
from tests.servers import ApiProcess, start_worker

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.usefixtures("providers"),
]

AT_ONCE = 3
HELD = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1"


@asynccontextmanager
async def another_worker(system: System, name: str) -> AsyncIterator[System]:
    """A worker that Postgres knows by its name, and the API that sends it calls."""
    env = {**system.env, "LIVEKIT_AGENT_NAME": name, "AGENT_JOURNAL_DIR": ""}
    async with AsyncExitStack() as stack:
        api = await ApiProcess.start(env)
        stack.callback(api.process.stop)
        named = {"DATABASE_URL": f"{system.dsn}&application_name={name}"}
        worker = await start_worker({**env, **named})
        stack.callback(worker.stop)
        yield replace(system, api=api, worker=worker)


async def test_a_worker_holds_one_connection_a_call_and_one_of_its_own(system: System) -> None:
    name = f"agent-{uuid4().hex}"
    spy = await asyncpg.connect(system.dsn)

    async def holds(n: int) -> bool:
        return bool(await spy.fetchval(HELD, name) == n)

    try:
        async with (
            another_worker(system, name) as other,
            opened(other) as account,
            AsyncExitStack() as calls,
        ):
            sessions = await asyncio.gather(*(account.create() for _ in range(AT_ONCE)))
            for session in sessions:
                await room.turn(await calls.enter_async_context(call(session)), 0)
            # What a slow start has opened beside them goes when it has been idle for ten seconds.
            await eventually(lambda: holds(AT_ONCE + 1), deadline_s=60.0, what="so few connections")
    finally:
        await spy.close()
