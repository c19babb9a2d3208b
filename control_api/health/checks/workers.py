"""The workers: are there any, and have they places left?"""

from control_api.health.checks.finding import Answer, Check, CheckFailed
from core.setting_groups import DatabaseSettings
from store.pool import Database
from store.workers import WorkerRecord, WorkerRepository

START_ONE = "start it: `vaarta worker`"


def workers_check(settings: DatabaseSettings) -> Check:
    """Worth knowing, not needed to start them."""

    async def ask() -> Answer:
        database = await Database.open(settings.model_copy(update={"pool_size": 1}))
        try:
            async with database.connection() as connection:
                workers = await WorkerRepository(connection).living()
        finally:
            await database.close()
        if not workers:
            raise CheckFailed(f"none was seen of late: {START_ONE}")
        return Answer(note=told(workers))

    return Check("workers", "anywhere", ask, START_ONE, is_needed=False)


def told(workers: list[WorkerRecord]) -> str:
    """Each machine's, with the sessions that it holds of those that it takes."""
    return ", ".join(map(_told, workers))


def _told(one: WorkerRecord) -> str:
    return f"{one.host} {one.active}/{one.capacity}" + (" draining" if one.is_draining else "")
