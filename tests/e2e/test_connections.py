"""Which connections to Postgres calls need, and that a pooler before it will do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest

from tests.conftest import missing
from tests.e2e import room
from tests.e2e.account import call, opened
from tests.e2e.system import System
from tests.eventually import eventually
from tests.pgbouncer import pgbouncer
from tests.servers import ApiProcess, MissingServer, start_worker

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.usefixtures("providers"),
    pytest.mark.lengthy,
]

AT_ONCE = 3
N_IDLE = 1
HELD = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1"
CALLS = "SELECT count(*) FROM sessions WHERE tenant_id = $1 AND status = 'active'"


@asynccontextmanager
async def another(system: System, worker_url: str, name: str) -> AsyncIterator[System]:
    """A worker with that address of the system's database, and an API that sends it calls."""
    idle = {"AGENT_IDLE_PROCESSES": str(N_IDLE), "AGENT_IDLE_PROCESSES_MOST": str(N_IDLE)}
    env = {**system.env, "LIVEKIT_AGENT_NAME": name, "AGENT_JOURNAL_DIR": "", **idle}
    async with AsyncExitStack() as stack:
        api = await ApiProcess.start(env)
        stack.callback(api.process.stop)
        worker = await start_worker({**env, "DATABASE_URL": worker_url})
        stack.callback(worker.stop)
        yield replace(system, api=api, worker=worker)


async def test_a_worker_holds_one_connection_a_call_one_a_process_that_waits_and_its_own(
    system: System,
) -> None:
    name = f"agent-{uuid4().hex}"
    named = f"{system.dsn}&application_name={name}"
    spy = await asyncpg.connect(system.dsn)

    async def are_few() -> bool:
        n_held, n_calls = await spy.fetchval(HELD, name), await spy.fetchval(CALLS, own)
        return bool(n_held <= n_calls + N_IDLE + 1)

    try:
        async with (
            another(system, named, name) as other,
            opened(other) as account,
            AsyncExitStack() as calls,
        ):
            own = account.tenant_id
            sessions = await asyncio.gather(*(account.create() for _ in range(AT_ONCE)))
            for session in sessions:
                await room.turn(await calls.enter_async_context(call(session)), 0)
            # What a call's start has opened beside them goes when it has been idle for ten seconds.
            await eventually(are_few, what="so few connections")
    finally:
        await spy.close()


async def test_a_call_is_held_through_a_pooler(system: System) -> None:
    name = f"agent-{uuid4().hex}"
    try:
        async with (
            pgbouncer(system.dsn, pool_size=2) as address,
            another(system, address, name) as other,
            opened(other) as account,
        ):
            session = await account.create()
            async with call(session) as caller:
                await room.turn(caller, 0)
                await caller.say_text("Are you there?")
                await room.turn(caller, 1)
            ended = await account.ended(session["id"])
    except MissingServer as problem:
        missing(problem)

    assert (ended["end_reason"], ended["turn_count"]) == ("caller_hangup", 2)
