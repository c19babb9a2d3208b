"""A connection that is there before anybody asks."""

import asyncio
import logging
from typing import Final

from core.errors import StoreError
from store.pool import Database

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 20.0
"""Below the minute after which some networks forget a connection that is idle."""
RETRY_S: Final = 5.0
_LOOK: Final = "SELECT"


async def stand_by(database: Database, called: asyncio.Event) -> None:
    """Hold a connection of the pool ready until `called`; one that dies meanwhile is replaced."""
    while not called.is_set():
        try:
            async with database.connection() as connection:
                while not await _happens(called, within_s=LOOK_EVERY_S):
                    await connection.execute(_LOOK)
        except StoreError as exc:
            log.info("standby.unconnected", extra={"error": type(exc).__name__})
            await _happens(called, within_s=RETRY_S)


async def _happens(event: asyncio.Event, *, within_s: float) -> bool:
    try:
        async with asyncio.timeout(within_s):
            return await event.wait()
    except TimeoutError:
        return False
