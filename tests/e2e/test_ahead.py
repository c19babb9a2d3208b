"""An agent that a create sends for is there before its caller, and does not wait for ever."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from uuid import UUID

import asyncpg
import pytest

from tests.e2e import room
from tests.e2e.account import Account, call, opened
from tests.e2e.system import System
from tests.eventually import eventually
from tests.servers import ApiProcess

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.usefixtures("providers"),
]

HELD = "SELECT count(*) FROM session_holds WHERE session_id = $1"
BUSY = "SELECT count(*) FROM workers WHERE $1 = ANY (sessions)"
CHARGED = "SELECT count(*) FROM ledger WHERE session_id = $1"


class Rows:
    """What the database says of one session."""

    def __init__(self, connection: asyncpg.Connection, session_id: str) -> None:
        self._connection = connection
        self._id = UUID(session_id)

    async def is_held(self) -> bool:
        return bool(await self.count(HELD))

    async def is_nobodys(self) -> bool:
        return not await self.count(HELD) and not await self.count(BUSY)

    async def count(self, counting: str) -> int:
        n: int = await self._connection.fetchval(counting, self._id)
        return n


@asynccontextmanager
async def ahead(system: System, waits_s: int) -> AsyncIterator[tuple[Account, asyncpg.Connection]]:
    """An account of an API that sends agents ahead."""
    spy = await asyncpg.connect(system.dsn)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(spy.close)
        api = await ApiProcess.start({**system.env, "AGENT_JOINS_AHEAD_S": str(waits_s)})
        stack.callback(api.process.stop)
        yield await stack.enter_async_context(opened(replace(system, api=api))), spy


async def test_an_agent_is_there_before_its_caller(system: System) -> None:
    async with ahead(system, waits_s=60) as (account, spy):
        session = await account.create()
        await eventually(Rows(spy, session["id"]).is_held, what="an agent")
        assert (await account.get(session["id"]))["status"] == "created"
        async with call(session) as caller:
            await room.turn(caller, 0)
        ended = await account.ended(session["id"])

    assert (ended["end_reason"], ended["turn_count"]) == ("caller_hangup", 1)


async def test_a_caller_who_does_not_come_in_time_costs_nothing_and_is_greeted_later(
    system: System,
) -> None:
    async with ahead(system, waits_s=3) as (account, spy):
        session = await account.create()
        rows = Rows(spy, session["id"])
        await eventually(rows.is_held, what="an agent")
        await eventually(rows.is_nobodys, what="a worker that is free again")
        waiting = await account.get(session["id"])
        charged = await rows.count(CHARGED)
        async with call(session) as caller:
            await room.turn(caller, 0)
        ended = await account.ended(session["id"])

    assert (waiting["status"], waiting["turn_count"], charged) == ("created", 0, 0)
    assert (ended["end_reason"], ended["turn_count"]) == ("caller_hangup", 1)
