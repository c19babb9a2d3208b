"""What a job sees to when it has parted from its session: the row's end, the room, the hold.

last sound has left ─▶ end written ── the caller has heard it ─▶ agent leaves, room is closed
                          └─ the place is free
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from livekit.agents import JobContext

from agent.holding.keeper import Keeper
from agent.holding.parting import Parting, Way
from agent.records.recorder import Recorder
from agent.server_calls import ROOM_TIMEOUT_S

log = logging.getLogger(__name__)

WRITTEN_FIRST_S: Final = 1.0
"""How long the caller waits in the room for the session's end to be written."""


async def settle(
    job: JobContext,
    room_name: str,
    parting: Parting,
    recorder: Recorder | None,
    keeper: Keeper,
    heard_out: Callable[[], Awaitable[None]],
) -> None:
    """Leave the room, once the caller has `heard_out` the agent. Where the session is over, its row
    is ended first and the room closed: also where the agent is out of it already, the caller may
    still wait in there."""
    if parting.way is not Way.OVER or recorder is None:
        if parting.way is Way.REPLACED:
            await heard_out()
        await _leave_room(job)
        if parting.way is Way.UNMET:  # it is nobody's again, as if there had been no agent
            await keeper.finish()
        return
    assert parting.end_reason is not None
    recorder.end(parting.end_reason, ended_s_ago=parting.over_for_s)
    with suppress(TimeoutError):
        async with asyncio.timeout(WRITTEN_FIRST_S):
            await recorder.flush()
    await heard_out()
    await _leave_room(job)
    closing = job.delete_room(room_name)
    await asyncio.wait([closing], timeout=ROOM_TIMEOUT_S)
    if await recorder.flush():
        await keeper.finish()


async def _leave_room(job: JobContext) -> None:
    """In time or not: in a room that is lost the SDK waits for an answer."""
    try:
        async with asyncio.timeout(ROOM_TIMEOUT_S):
            await job.room.disconnect()
    except TimeoutError:
        log.warning("room.not_left")
