"""Workers tell that they are there."""

import os
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from agent import roll_call
from agent.roll_call import Present, RollCall
from core.supervision import Health
from store.pool import Database
from store.workers import WorkerRecord, WorkerRepository, WorkerSelf
from tests.eventually import eventually
from tests.integration.api import Api

pytestmark = pytest.mark.asyncio(loop_scope="session")


def worker(worker_id: UUID, host: str = "host") -> WorkerSelf:
    return WorkerSelf(worker_id, host, pid=7, agent_name="vaarta", active=0, capacity=1)


async def living(database: Database) -> list[WorkerRecord]:
    async with database.connection() as connection:
        return await WorkerRepository(connection).living()


async def test_a_worker_is_listed_as_long_as_it_is_there(api: Api) -> None:
    async def is_told() -> bool:
        return bool(await living(api.database))

    async with RollCall.opened(api.settings, lambda: Present(3), health=Health()):
        await eventually(is_told, what="the worker's telling")
        (listed,) = await living(api.database)
        told = (await api.get("/api/v1/status")).json["workers"]

    capacity = api.settings.agent.capacity
    assert (listed.active, listed.capacity, listed.free) == (3, capacity, capacity - 3)
    assert (listed.pid, listed.agent_name) == (os.getpid(), api.settings.livekit.agent_name)
    assert [list(one) for one in told] == [
        ["host", "pid", "active", "capacity", "draining", "seen_at"]
    ]
    assert (told[0]["active"], told[0]["capacity"], told[0]["draining"]) == (3, capacity, False)
    assert await living(api.database) == []


async def test_what_changes_is_told_at_once(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roll_call, "EVERY_S", 1000.0)
    present = Present(1)

    async def is_there() -> bool:
        return [one.active for one in await living(api.database)] == [1]

    async def is_told() -> bool:
        return [(one.active, one.free) for one in await living(api.database)] == [(2, 0)]

    async with RollCall.opened(api.settings, lambda: present, health=Health()):
        await eventually(is_there, what="the worker's telling")
        present = Present(2, is_draining=True)
        await eventually(is_told, what="the change")


async def test_one_that_was_not_seen_of_late_is_not_listed(api: Api) -> None:
    async with api.database.connection() as connection:
        await WorkerRepository(connection).show(worker(uuid4(), "gone"))
        await connection.execute("UPDATE workers SET seen_at = now() - interval '16 seconds'")
        assert await WorkerRepository(connection).living() == []


async def test_one_that_was_not_seen_for_a_day_is_forgotten_when_another_tells(api: Api) -> None:
    own, gone = uuid4(), uuid4()
    async with api.database.connection() as connection:
        workers = WorkerRepository(connection)
        for worker_id in (own, gone):
            await workers.show(worker(worker_id))
        await connection.execute("UPDATE workers SET seen_at = now() - interval '25 hours'")
        await workers.show(replace(worker(own), active=2))
        rows = await connection.fetch("SELECT id, active FROM workers")
    assert [tuple(row) for row in rows] == [(own, 2)]
