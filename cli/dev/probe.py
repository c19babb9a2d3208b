"""Asking an address whether it answers."""

import asyncio
from typing import Final
from urllib.parse import urlsplit

import aiohttp

PROBE_TIMEOUT_S: Final = 2.0
PROBE_TIMEOUT: Final = aiohttp.ClientTimeout(total=PROBE_TIMEOUT_S)
DEFAULT_PORTS: Final = {"ws": 80, "http": 80, "wss": 443, "https": 443}


async def answers(url: str) -> bool | None:
    """True once the address answers 200, None before."""
    try:
        async with aiohttp.ClientSession(timeout=PROBE_TIMEOUT) as http, http.get(url) as answer:
            return True if answer.status == 200 else None
    except (aiohttp.ClientError, TimeoutError):
        return None


async def accepts(url: str) -> bool:
    """Whether something accepts connections there, whatever it is."""
    parts = urlsplit(url)
    try:
        async with asyncio.timeout(PROBE_TIMEOUT_S):
            port = parts.port or DEFAULT_PORTS.get(parts.scheme)
            _, writer = await asyncio.open_connection(parts.hostname, port)
    except (OSError, ValueError):
        return False
    writer.close()
    return True
