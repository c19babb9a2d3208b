"""Postgres is away for a while: the conversation goes on, and what came of it is all there then."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from cli.caller.caller import Caller
from tests.e2e import room
from tests.e2e.account import Account, Json, call, opened
from tests.e2e.livekit import room_is_gone
from tests.e2e.scripts import GREETING, HOURS, TALK
from tests.e2e.system import System, ground
from tests.eventually import eventually
from tests.flaky_postgres import FlakyPostgres
from tests.servers import ApiProcess, EmbeddedPostgres, LiveKitServer, start_worker

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.lengthy]


@dataclass(frozen=True)
class Outage:
    """A system of these tests' own, and its way to Postgres."""

    system: System
    postgres: FlakyPostgres
    account: Account

    async def begins_after(self, session: Json, caller: Caller) -> None:
        """Once the greeting is stored."""
        await room.turn(caller, 0)
        await self.account.turns_stored(session["id"], 1)
        await self.postgres.close()

    async def is_over(self) -> None:
        """Once the API has noticed, too."""
        await self.postgres.open()

        async def is_ready() -> bool:
            async with (
                aiohttp.ClientSession() as http,
                http.get(f"{self.system.api.url}/readyz") as answer,
            ):
                return answer.status == 200

        await eventually(is_ready, what="the API's readiness")

    @property
    def journals(self) -> list[Path]:
        """The files that hold what could not be written."""
        return list(Path(self.system.env["AGENT_JOURNAL_DIR"]).glob("*"))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def outage(
    postgres: EmbeddedPostgres, livekit_server: LiveKitServer
) -> AsyncIterator[Outage]:
    async with AsyncExitStack() as stack:
        on = await stack.enter_async_context(ground(postgres, livekit_server))
        flaky = await stack.enter_async_context(FlakyPostgres.before(on.dsn))
        env = {**on.env, "DATABASE_URL": flaky.dsn, "DATABASE_TIMEOUT_S": "1"}
        api = await ApiProcess.start(env)
        stack.callback(api.process.stop)
        worker = await start_worker(env)
        stack.callback(worker.stop)
        system = System(api, worker, livekit_server, on.dsn, on.provider_port, env)
        await stack.enter_async_context(system.providers(TALK))
        account = await stack.enter_async_context(opened(system))
        yield Outage(system, flaky, account)


async def test_a_session_that_ends_meanwhile_loses_nothing(outage: Outage) -> None:
    session = await outage.account.create()
    async with call(session) as caller:
        await outage.begins_after(session, caller)
        await caller.say_text("When are your opening hours?")
        answer = await room.turn(caller, 1)
    await room_is_gone(outage.system.livekit, session)
    kept = outage.journals
    await outage.is_over()
    ended = await outage.account.ended(session["id"])
    turns = await outage.account.turns(session["id"])

    async def nothing_is_kept() -> bool:
        return not outage.journals

    await eventually(nothing_is_kept, what="an empty journal")
    assert answer.agent_response == HOURS
    assert len(kept) == 1
    assert [turn["agent_response"] for turn in turns] == [GREETING, HOURS]
    assert (ended["status"], ended["end_reason"]) == ("completed", "caller_hangup")
    assert ended["turn_count"] == 2


async def test_a_session_that_goes_on_is_written_when_it_is_back(outage: Outage) -> None:
    session = await outage.account.create()
    async with call(session) as caller:
        await outage.begins_after(session, caller)
        await caller.say_text("When are your opening hours?")
        await room.turn(caller, 1)

        async def is_kept() -> bool:
            return bool(outage.journals)

        await eventually(is_kept, what="a journal")
        await outage.is_over()
        turns = await outage.account.turns_stored(session["id"], 2)
    ended = await outage.account.ended(session["id"])

    assert [turn["agent_response"] for turn in turns] == [GREETING, HOURS]
    assert (ended["turn_count"], ended["end_reason"]) == (2, "caller_hangup")
    assert outage.journals == []
