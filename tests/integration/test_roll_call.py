"""Workers tell that they are there."""

from uuid import uuid4

import pytest

from agent.roll_call import RollCall
from core.supervision import Health
from store.pool import Database
from store.workers import WorkerRecord, WorkerRepository
from tests.eventually import eventually
from tests.integration.api import Api

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def living(database: Database) -> list[WorkerRecord]:
    async with database.connection() as connection:
        return await WorkerRepository(connection).living()


async def test_a_worker_is_listed_as_long_as_it_is_there(api: Api) -> None:
    settings = api.settings.database

    async def is_told() -> bool:
        return bool(await living(api.database))

    async with RollCall.opened(settings, 10, lambda: 3, health=Health()):
        await eventually(is_told, what="the worker's telling")
        (worker,) = await living(api.database)
        told = (await api.get("/api/v1/status")).json["workers"]

    assert (worker.active, worker.capacity) == (3, 10)
    assert [list(one) for one in told] == [["host", "active", "capacity", "seen_at"]]
    assert (told[0]["active"], told[0]["capacity"]) == (3, 10)
    assert await living(api.database) == []


async def test_one_that_was_not_seen_of_late_is_not_listed(api: Api) -> None:
    async with api.database.connection() as connection:
        await WorkerRepository(connection).show(uuid4(), "gone", active=0, capacity=1)
        await connection.execute("UPDATE workers SET seen_at = now() - interval '16 seconds'")
        assert await WorkerRepository(connection).living() == []


async def test_one_that_was_not_seen_for_a_day_is_forgotten_when_another_tells(api: Api) -> None:
    own, gone = uuid4(), uuid4()
    async with api.database.connection() as connection:
        workers = WorkerRepository(connection)
        for worker_id in (own, gone):
            await workers.show(worker_id, "host", active=0, capacity=1)
        await connection.execute("UPDATE workers SET seen_at = now() - interval '25 hours'")
        await workers.show(own, "host", active=2, capacity=4)
        rows = await connection.fetch("SELECT id, active FROM workers")
    assert [tuple(row) for row in rows] == [(own, 2)]
