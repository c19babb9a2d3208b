"""The worker is stopped: gently it waits for its sessions, in a hurry it lets them go."""

import os
import signal
from collections.abc import AsyncIterator

import psutil
import pytest
import pytest_asyncio

from tests.e2e import room
from tests.e2e.account import Account, call, opened
from tests.e2e.livekit import room_is_gone
from tests.e2e.scripts import HOURS, STORY, TALK
from tests.e2e.system import System, running
from tests.eventually import eventually
from tests.servers import EmbeddedPostgres, LiveKitServer

pytestmark = pytest.mark.asyncio(loop_scope="session")


SETTLED_S = 90.0
"""Until the reaper has written what a worker left that is gone."""


async def are_stored(account: Account, session_id: str, count: int) -> bool:
    return len(await account.turns(session_id)) >= count


@pytest_asyncio.fixture(loop_scope="session")
async def stoppable(
    postgres: EmbeddedPostgres, livekit_server: LiveKitServer
) -> AsyncIterator[System]:
    """A system of the test's own, with providers."""
    async with running(postgres, livekit_server) as system, system.providers(TALK):
        yield system


@pytest_asyncio.fixture(loop_scope="session")
async def customer(stoppable: System) -> AsyncIterator[Account]:
    """A tenant of that system."""
    async with opened(stoppable) as account:
        yield account


async def test_a_worker_told_to_stop_ends_its_session_first_and_takes_no_other(
    stoppable: System, customer: Account
) -> None:
    worker = stoppable.worker
    first = await customer.create()
    second = await customer.create()
    async with call(first) as caller:
        await room.turn(caller, 0)
        worker.terminate()
        await worker.wait_for_output("draining worker")
        async with call(second) as another:
            await caller.say_text("When are your opening hours?")
            answer = await room.turn(caller, 1)
            assert another.agent_joined_at is None
    assert await worker.wait() == 0
    talked, waited = await customer.get(first["id"]), await customer.get(second["id"])

    assert answer.agent_response == HOURS
    assert (talked["status"], talked["end_reason"]) == ("completed", "caller_hangup")
    assert (waited["status"], waited["turn_count"]) == ("created", 0)


async def test_a_session_that_an_interrupted_worker_lets_go_fails_where_there_is_no_other(
    stoppable: System, customer: Account
) -> None:
    worker = stoppable.worker
    session = await customer.create()
    async with call(session) as caller:
        await room.greeted(caller)
        asked_at = room.now()
        await caller.say_text("Tell me a story.")
        await room.sound_since(caller, asked_at, for_s=1.0)
        below = psutil.Process(worker.pid).children(recursive=True)
        os.kill(worker.pid, signal.SIGINT)
        await room.is_over(caller)
    assert await worker.wait() == 0
    await room_is_gone(stoppable.livekit, session)
    ended = await customer.get(session["id"])
    await eventually(
        lambda: are_stored(customer, session["id"], 2), deadline_s=SETTLED_S, what="what was open"
    )
    story = (await customer.turns(session["id"]))[1]

    assert (ended["status"], ended["end_reason"]) == ("failed", "agent_error")
    assert story["interrupted"]
    assert 0 < len(story["agent_response"].split()) < len(STORY.split())

    async def are_gone() -> bool:
        return not any(process.is_running() for process in below)

    await eventually(are_gone, what="the end of every process of the worker")
