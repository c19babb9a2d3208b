"""What workers tell of themselves, in a real Postgres."""

from dataclasses import replace
from uuid import UUID, uuid4

from store.pool import Database
from store.workers import WorkerRepository, WorkerSelf


def worker(worker_id: UUID, host: str = "host") -> WorkerSelf:
    return WorkerSelf(worker_id, host, pid=7, agent_name="vaarta", active=0, capacity=1)


async def test_one_that_was_not_seen_of_late_is_not_listed(database: Database) -> None:
    async with database.connection() as connection:
        await WorkerRepository(connection).show(worker(uuid4(), "gone"))
        await connection.execute("UPDATE workers SET seen_at = now() - interval '16 seconds'")
        assert await WorkerRepository(connection).living() == []


async def test_one_that_was_not_seen_for_a_day_is_forgotten_when_another_tells(
    database: Database,
) -> None:
    own, gone = uuid4(), uuid4()
    async with database.connection() as connection:
        workers = WorkerRepository(connection)
        for worker_id in (own, gone):
            await workers.show(worker(worker_id))
        await connection.execute("UPDATE workers SET seen_at = now() - interval '25 hours'")
        await workers.show(replace(worker(own), active=2))
        rows = await connection.fetch("SELECT id, active FROM workers")
    assert [tuple(row) for row in rows] == [(own, 2)]
