"""Requests to LiveKit's server that a session can do without."""

import asyncio
import logging
from collections.abc import Awaitable
from typing import Final

import aiohttp
from livekit.api import TwirpError

log = logging.getLogger(__name__)

ROOM_TIMEOUT_S: Final = 5.0


async def granted(
    request: Awaitable[object], *, refused: str, timeout_s: float = ROOM_TIMEOUT_S
) -> bool:
    """Whether the server did it in time. Else that is logged under the name `refused`."""
    try:
        async with asyncio.timeout(timeout_s):
            await request
    except (TwirpError, aiohttp.ClientError, TimeoutError) as exc:
        log.warning(refused, extra={"error": type(exc).__name__})
        return False
    return True
