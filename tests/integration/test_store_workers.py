"""What workers tell of themselves, in a real Postgres."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from store.pool import Connection, Database
from store.reaping import TOLD_S, ReapingRepository
from store.workers import WorkerRepository, WorkerSelf
from tests.integration import rows as known


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


async def test_a_session_is_taken_as_long_as_a_worker_says_so(database: Database) -> None:
    session_id, own = await known.new_session(database), uuid4()

    async def is_taken(connection: Connection) -> bool:
        reaping = ReapingRepository(connection)
        found = {one.id: one for one in await reaping.living(timedelta(hours=1), 10)}
        return found[session_id].is_taken

    async with database.connection() as connection:
        workers = WorkerRepository(connection)
        await workers.show(worker(uuid4(), "unsaid"))
        before = await is_taken(connection)
        await workers.show(worker(own), [session_id])
        while_said = await is_taken(connection)
        await workers.show(worker(own), [])
        afterwards = await is_taken(connection)
        await workers.show(worker(own), [session_id])
        await connection.execute(
            "UPDATE workers SET seen_at = now() - make_interval(secs => $1)", TOLD_S
        )
        silent = await is_taken(connection)

    assert (before, while_said, afterwards, silent) == (False, True, False, False)
