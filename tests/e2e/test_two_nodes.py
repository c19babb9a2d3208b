"""More than one machine: a worker is killed and a LiveKit node drained, and calls go on."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from benchmarks.chaos.processes import kill, processes_of
from cli.caller.caller import Caller
from tests.conftest import missing
from tests.e2e import room
from tests.e2e.account import Account, Json, call, opened
from tests.e2e.cluster import Cluster, clustered
from tests.e2e.scripts import HOURS, TABLE, TALK, YES
from tests.eventually import eventually
from tests.servers import EmbeddedPostgres, MissingServer

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.lengthy]


@pytest_asyncio.fixture(loop_scope="session")
async def cluster(postgres: EmbeddedPostgres) -> AsyncIterator[Cluster]:
    """Two LiveKit nodes, two API processes, two workers, and a pooler."""
    try:
        async with clustered(postgres) as cluster:
            yield cluster
    except MissingServer as problem:
        missing(problem)


async def asks(caller: Caller, question: str, answer: str) -> None:
    """A question, and the answer to it, whoever holds the session by now."""
    await room.silence(caller)
    await caller.say_text(question)
    await caller.wait_for(
        lambda: any(one.agent_response == answer for one in caller.turns.values()),
        what=answer,
        timeout_s=60.0,
    )


async def asks_while_signalling_is_cut(
    caller: Caller, question: str, answer: str, *, account: Account, session: Json
) -> None:
    """A question to an agent whose signalling, like the caller's, may be cut just now.

    LiveKit carries it also through nodes that do not have the room, and one that stops cuts it.
    Sound and what is typed go on meanwhile. What the room shows of the answer is not looked at: the
    caller's client may be joining anew when it is shown.
    """

    async def is_answered() -> bool:
        turns = await account.turns(session["id"])
        return any(turn["agent_response"] == answer for turn in turns)

    await room.silence(caller)
    await caller.say_text(question)
    await eventually(is_answered, what=answer)


async def test_calls_on_two_nodes_outlive_a_worker_and_a_node(cluster: Cluster) -> None:
    staying, leaving = cluster.nodes
    async with cluster.system.providers(TALK), opened(cluster.system) as account:
        bot_id = await account.create_bot(idle_prompt_s=0)
        first, second = await asyncio.gather(*(account.create(bot_id=bot_id) for _ in range(2)))
        await asyncio.gather(cluster.place(first, staying), cluster.place(second, leaving))
        async with call(first) as one, call(second) as two:
            calls = {first["id"]: one, second["id"]: two}
            await asyncio.gather(room.turn(one, 0), room.turn(two, 0))
            await asyncio.gather(*(asks(caller, "Are you there?", YES) for caller in (one, two)))
            assert [await cluster.node_of(at) for at in (first, second)] == [staying, leaving]

            doomed = await cluster.worker_of(first["id"])
            taken_up = [at for at in calls if await cluster.worker_of(at) is doomed]
            kill(processes_of(doomed.pid))
            # The successor's first words are that it is back.
            await asyncio.gather(*(room.turn(calls[at], 2) for at in taken_up))
            hours = "What are your opening hours?"
            await asyncio.gather(*(asks(caller, hours, HOURS) for caller in (one, two)))

            draining = cluster.drain(leaving)
            third = await account.create(bot_id=bot_id)
            async with call(third) as late:
                await room.turn(late, 0)
                assert await cluster.node_of(third) == staying
            await asks(two, "Please book a table.", TABLE)
            assert draining.is_running
            await two.leave()
            assert await draining.wait() == 0
            await asks_while_signalling_is_cut(
                one, "Please book a table.", TABLE, account=account, session=first
            )
        ended = [await account.ended(at["id"]) for at in (first, second, third)]

    assert {one["end_reason"] for one in ended} == {"caller_hangup"}
    recoveries = {one["id"]: one.get("recoveries", 0) for one in ended}
    assert recoveries == {one["id"]: int(one["id"] in taken_up) for one in ended}
