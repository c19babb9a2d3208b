"""A planned hand-over, as the successor sees it: it is in the room, mute, and waits to be given the
session. Should the holder die meanwhile, it claims the session like any other."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from agent.holding.handover import READY_ATTRIBUTE
from agent.holding.held import Held, claim_once, taken_over
from core.errors import StoreError
from store.holds import HoldRepository
from store.pool import Database
from store.summons import Summons

log = logging.getLogger(__name__)

ASK_EVERY_S: Final = 0.1
PATIENCE_S: Final = 45.0
"""Longer than a holder waits for a moment in which nobody speaks."""

Show = Callable[[str, str], Awaitable[None]]


async def rehearsed(database: Database, job_id: str, summons: Summons, show: Show) -> Held | None:
    """Say that this job is ready, and wait for the session. None when it is not given to it."""
    assert summons.predecessor is not None, "only who replaces somebody rehearses"
    try:
        async with asyncio.timeout(PATIENCE_S):
            async with database.connection() as connection:
                holds = HoldRepository(connection)
                if not await holds.announce(summons.session_id, summons.predecessor, job_id):
                    return None
            await show(READY_ATTRIBUTE, job_id)
            while True:
                if (held := await _asked(database, job_id, summons)) is not None:
                    return held
                await asyncio.sleep(ASK_EVERY_S)
    except (StoreError, TimeoutError) as exc:
        log.warning("rehearsal.failed", extra={"error": type(exc).__name__})
        return None


async def _asked(database: Database, job_id: str, summons: Summons) -> Held | None:
    """Handed over, or left by a holder that is gone. Where the database is away, it may have been
    handed over just before."""
    try:
        return await taken_over(database, job_id, summons) or await claim_once(
            database, job_id, summons
        )
    except StoreError as exc:
        log.warning("rehearsal.unanswered", extra={"error": type(exc).__name__})
        return None
