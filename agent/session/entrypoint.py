"""A job of the worker → a held session. Runs in the job's own process."""

import asyncio
import logging
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from livekit import rtc
from livekit.agents import AutoSubscribe, JobContext, JobProcess
from livekit.api import RoomParticipantIdentity

from agent.equipment.equipment import WorkerResources
from agent.equipment.habits import Habits
from agent.equipment.shared_board import SharedBoard
from agent.holding.held import Held, claimed
from agent.holding.rehearsal import rehearsed
from agent.holding.session_row import is_over
from agent.room.call import Call
from agent.server_calls import ROOM_TIMEOUT_S, granted
from agent.session.life import Session
from agent.session.standby import Standby
from agent.signs import Signs
from agent.tracing.start_up import StartUp
from core.catalog import Catalog
from core.errors import StoreError
from core.log import attach_context, log_context
from core.settings import Settings
from core.spans import opened_traces, warm_up
from core.supervision import see_ended, stop_tasks
from pipeline.providers.sarvam_wire import client_of
from store.pool import Database
from store.sessions import SessionRepository
from store.summons import Summons, agent_identity

log = logging.getLogger(__name__)

SETTLE_TIMEOUT_S: Final = 9.0
LAST_S: Final = 0.5
"""A job's process is killed 10 s after it was told to stop."""


def prewarm(settings: Settings, catalog: Catalog, shared: Path, process: JobProcess) -> None:
    """Make ready what the first session of the process needs, before there is one.

    All processes of a worker share its catalog, whatever becomes of the file meanwhile, and the
    folder `shared`.
    """
    attach_context()
    process.userdata["settings"] = settings
    process.userdata["catalog"] = catalog
    process.userdata["board"] = SharedBoard(shared / "routes")
    process.userdata["signs"] = Signs(shared)
    process.userdata["habits"] = Habits(shared / "habits")
    client_of(settings.sarvam)
    warm_up(settings.tracing)
    standby = Standby(settings.database)
    process.userdata["standby"] = standby
    standby.begin_with_the_loop()


async def run_job(job: JobContext) -> None:
    """Hold the session that the dispatch names, in a task that the job's end waits for."""
    start = StartUp.of(job)
    summons = Summons.read(job.job.metadata)
    assert summons is not None, "accepted as it names a session"
    joined, leaving = asyncio.Event(), asyncio.Event()
    with log_context(session=str(summons.session_id), room=job.job.room.name):
        holding = asyncio.create_task(_hold(job, start, summons, joined, leaving), name="session")
        joining = asyncio.create_task(joined.wait(), name="joined")

    async def settle() -> None:
        # By now the room has been left, and not always has anybody been told.
        leaving.set()
        _, late = await asyncio.wait([holding], timeout=SETTLE_TIMEOUT_S)
        if late:
            log.error("session.late")
            await stop_tasks(late, within_s=LAST_S)

    job.add_shutdown_callback(settle)
    # A shutdown waits for this function first, and tells the session only then.
    await asyncio.wait({holding, joining}, return_when=asyncio.FIRST_COMPLETED)
    joining.cancel()


async def _hold(
    job: JobContext,
    start: StartUp,
    summons: Summons,
    joined: asyncio.Event,
    leaving: asyncio.Event,
) -> None:
    """Claim the session before its room is joined: there must be one agent, and the claim says
    which. One that is still there, stopped or cut off, is put out."""
    given = job.proc.userdata
    settings: Settings = given["settings"]
    standby: Standby = given["standby"]
    async with AsyncExitStack() as stack:
        traces = await stack.enter_async_context(opened_traces(settings.tracing, "vaarta-worker"))
        database = await standby.database()
        stack.push_async_callback(database.close)
        resources = WorkerResources(
            settings,
            given["catalog"],
            database,
            given["board"],
            given["signs"],
            given["habits"],
            start,
            traces,
        )
        if summons.predecessor is not None:
            await _succeed(job, resources, summons, joined, leaving)
            return
        held = await claimed(database, job.job.id, summons)
        if held is None:
            await _turn_away(job, database, summons)
            return
        start.mark("claimed")
        joining = asyncio.create_task(_join(job, start, summons), name="join")
        joining.add_done_callback(lambda _: joined.set())
        await asyncio.sleep(0)  # the SDK is under way before the session's parts are made
        await Session(job, resources, held.claim.session, summons, leaving).hold(held)
        await see_ended([joining], within_s=ROOM_TIMEOUT_S)


async def _succeed(
    job: JobContext,
    resources: WorkerResources,
    summons: Summons,
    joined: asyncio.Event,
    leaving: asyncio.Event,
) -> None:
    """Be ready for a session that its holder is about to hand over."""
    try:
        async with resources.database.connection() as connection:
            record = await SessionRepository(connection).get_for_agent(summons.session_id)
    except StoreError as exc:
        log.warning("session.unreadable", extra={"error": type(exc).__name__})
        job.shutdown("nothing to hold")
        return

    async def rehearse(call: Call) -> Held | None:
        await call.join()
        await call.publish()
        joined.set()
        held = await rehearsed(resources.database, job.job.id, summons, call.show)
        if held is not None and not held.is_planned:
            await _put_out_others(job, summons)
        return held

    await Session(job, resources, record, summons, leaving).succeed(rehearse)


async def _join(job: JobContext, start: StartUp, summons: Summons) -> None:
    """Join the room while the session is prepared; the call that needs it sees what went wrong."""
    try:
        await job.connect(auto_subscribe=AutoSubscribe.AUDIO_ONLY)
    except rtc.ConnectError as exc:
        log.warning("room.join_failed", extra={"error": type(exc).__name__})
        return
    start.mark("joined")
    await _put_out_others(job, summons)


async def _put_out_others(job: JobContext, summons: Summons) -> None:
    base = agent_identity(summons.session_id)
    others = [one for one in job.room.remote_participants if one.startswith(base)]
    for identity in others:
        await _put_out(job, identity)


async def _put_out(job: JobContext, identity: str) -> None:
    """Have the server remove an agent whose lease ran out: a process that was stopped and goes on
    must not be heard."""
    wanted = RoomParticipantIdentity(room=job.job.room.name, identity=identity)
    if await granted(job.api.room.remove_participant(wanted), refused="predecessor.not_put_out"):
        log.info("predecessor.put_out")


async def _turn_away(job: JobContext, database: Database, summons: Summons) -> None:
    """There is nothing to hold. The room of a session that is over is closed; one that another
    agent holds, or that may yet be held, is none of this job's business."""
    has_ended = await is_over(database, summons.session_id)
    log.info("session.not_held", extra={"is_over": has_ended})
    if has_ended:
        await asyncio.wait([job.delete_room()], timeout=ROOM_TIMEOUT_S)
    job.shutdown("nothing to hold")
