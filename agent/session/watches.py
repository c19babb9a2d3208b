"""What a job waits for while its session goes on, each in a task of its own."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from agent.holding.parting import Parting, Way
from agent.room.presence import Presence
from agent.signs import LOOK_EVERY_S, Sign
from core.supervision import stop_tasks
from pipeline.conversation import Conversation
from store.records import EndReason

log = logging.getLogger(__name__)

GOODBYE_LEAD_S: Final = 10.0
"""Before the maximum duration no new topic is started."""
UP_S: Final = 5.0
"""Who is back and not reached by then is spoken to all the same."""


async def let_go_when_cut_off(
    cut_off: Sign, is_silent: Callable[[], Awaitable[bool]], parting: Parting
) -> None:
    """The worker cannot reach LiveKit, and this job's room tells nothing of the contrary."""
    await cut_off.seen()
    while not await is_silent():
        await asyncio.sleep(LOOK_EVERY_S)
        await cut_off.seen()
    parting.part(Way.LET_GO)


async def leave_after(
    told: Callable[[], Awaitable[object]], is_over: Callable[[], Awaitable[bool]], parting: Parting
) -> None:
    """This job was told to leave the room. Where that is because the session is over, what happened
    in it is still this job's to record."""
    await told()
    if await is_over():
        parting.stop(EndReason.AGENT_ERROR)  # the row has its end, and the reason for it
    else:
        parting.part(Way.LET_GO)


async def start_in_time(has_spoken: asyncio.Event, parting: Parting, timeout_s: float) -> None:
    """An agent that says nothing has failed."""
    try:
        async with asyncio.timeout(timeout_s):
            await has_spoken.wait()
    except TimeoutError:
        parting.stop(EndReason.START_FAILED)


async def follow_caller(
    presence: Presence, conversation: Conversation, parting: Parting, *, grace_s: float
) -> None:
    """A caller whose connection is lost may come back for a while; then they have hung up, as one
    who leaves on purpose has at once. Nothing is said to one who is back before they can hear it.
    """
    while True:
        await presence.gone()
        _note_left(presence, parting)
        await conversation.caller_left()
        while await presence.here(0.0 if presence.has_hung_up else grace_s):
            parting.left_at = None
            log.info("caller.back")
            if await _is_up(presence):
                break
            _note_left(presence, parting)
        else:
            parting.stop(EndReason.CALLER_HANGUP)
            return
        conversation.caller_back()


def _note_left(presence: Presence, parting: Parting) -> None:
    parting.left_at = asyncio.get_running_loop().time()
    log.info("caller.left", extra={"has_hung_up": presence.has_hung_up})


async def _is_up(presence: Presence) -> bool:
    """Wait until their connection is; False when they are gone again meanwhile."""
    reached = asyncio.create_task(presence.reached(), name="reached")
    gone = asyncio.create_task(presence.gone(), name="gone")
    try:
        seen, _ = await asyncio.wait(
            [reached, gone], timeout=UP_S, return_when=asyncio.FIRST_COMPLETED
        )
        return gone not in seen
    finally:
        await stop_tasks([reached, gone])


async def wind_down_in_time(conversation: Conversation, left_s: float) -> None:
    """Say goodbye shortly before the session's maximum duration, `left_s` from now."""
    await asyncio.sleep(max(0.0, left_s - GOODBYE_LEAD_S))
    await conversation.wind_down()
