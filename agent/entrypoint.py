"""A job of the worker → a held session. Runs in the job's own process."""

import asyncio
import json
import logging
import uuid
from typing import Final

from livekit import rtc
from livekit.agents import AutoSubscribe, JobContext, JobProcess

from agent.session import Session, World
from core.catalog import Catalog
from core.errors import NotFoundError, StoreError
from core.log import attach_context, log_context
from core.setting_groups import DatabaseSettings
from core.settings import Settings
from pipeline.providers.sarvam_wire import client_of
from store.pool import Database
from store.records import SessionId, SessionRecord
from store.sessions import LIVING, SessionRepository

log = logging.getLogger(__name__)

JOB_CONNECTIONS: Final = 3
"""A session writes its turns and its live events, and searches what its bot knows."""
READ_WAITS_S: Final = (0.2, 1.0, 3.0)
"""Before the row is read again from a database that was away; then the caller is let go."""
ROOM_TIMEOUT_S: Final = 5.0
SETTLE_TIMEOUT_S: Final = 9.0
"""A job's process is killed 10 s after it was told to stop."""


def prewarm(settings: Settings, catalog: Catalog, process: JobProcess) -> None:
    """Make ready what the first session of the process needs, before there is one.

    All processes of a worker share its catalog, whatever becomes of the file meanwhile.
    """
    attach_context()
    process.userdata["settings"] = settings
    process.userdata["catalog"] = catalog
    client_of(settings.sarvam)


async def run_job(job: JobContext) -> None:
    """Hold the session that the dispatch names, in a task that the job's end waits for."""
    session_id = session_id_of(job.job.metadata)
    if session_id is None:
        log.error("job.without_session")
        job.shutdown("no session")
        return
    leaving = asyncio.Event()
    with log_context(session=str(session_id), room=job.job.room.name):
        holding = asyncio.create_task(_hold(job, session_id, leaving), name="session")
        joining = asyncio.create_task(_join(job), name="join")

    async def settle() -> None:
        # By now the room has been left, and not always has anybody been told.
        leaving.set()
        _, late = await asyncio.wait([holding], timeout=SETTLE_TIMEOUT_S)
        if late:
            log.error("session.late")
            holding.cancel()
            await asyncio.wait([holding])

    job.add_shutdown_callback(settle)
    await asyncio.wait({holding, joining}, return_when=asyncio.FIRST_COMPLETED)


async def _join(job: JobContext) -> None:
    """Join the room while the session is looked up; the call that needs it sees what went wrong."""
    try:
        await job.connect(auto_subscribe=AutoSubscribe.AUDIO_ONLY)
    except rtc.ConnectError as exc:
        log.warning("room.join_failed", extra={"error": type(exc).__name__})


def session_id_of(metadata: str) -> SessionId | None:
    """The session that a dispatch's metadata names, None when it names none."""
    try:
        return SessionId(uuid.UUID(json.loads(metadata)["session_id"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


async def _hold(job: JobContext, session_id: SessionId, leaving: asyncio.Event) -> None:
    settings: Settings = job.proc.userdata["settings"]
    database = await Database.open(_small(settings.database))
    try:
        record = await _living(database, session_id)
        if record is None:
            await asyncio.wait([job.delete_room()], timeout=ROOM_TIMEOUT_S)
            job.shutdown("no living session")
            return
        world = World(settings, job.proc.userdata["catalog"], database)
        await Session(job, world, record, leaving).hold()
    finally:
        await database.close()


async def _living(database: Database, session_id: SessionId) -> SessionRecord | None:
    """The session's row, None when there is none that may be held."""
    for wait_s in (*READ_WAITS_S, None):
        try:
            async with database.connection() as connection:
                record = await SessionRepository(connection).get_for_agent(session_id)
        except NotFoundError:
            log.warning("session.unknown")
            return None
        except StoreError as exc:
            log.error("session.unreadable", extra={"error": type(exc).__name__})
            if wait_s is not None:
                await asyncio.sleep(wait_s)
        else:
            return record if record.status in LIVING else None
    return None


def _small(settings: DatabaseSettings) -> DatabaseSettings:
    return settings.model_copy(update={"pool_size": JOB_CONNECTIONS})
