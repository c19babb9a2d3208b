"""Asking an address whether it answers."""

from typing import Final

import aiohttp

PROBE_TIMEOUT: Final = aiohttp.ClientTimeout(total=2.0)


async def answers(url: str) -> bool | None:
    """True once the address answers 200, None before."""
    try:
        async with aiohttp.ClientSession(timeout=PROBE_TIMEOUT) as http, http.get(url) as answer:
            return True if answer.status == 200 else None
    except (aiohttp.ClientError, TimeoutError):
        return None
