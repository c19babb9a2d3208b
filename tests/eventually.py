"""Waiting for something to become true, bounded by a deadline that only catches hangs."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

_STEP_S: Final = 0.02


async def eventually(
    condition: Callable[[], Awaitable[bool]], *, deadline_s: float = 60.0, what: str = "condition"
) -> None:
    """Return once `condition()` holds. Raises `AssertionError` after `deadline_s` seconds."""
    try:
        async with asyncio.timeout(deadline_s):
            while not await condition():  # noqa: ASYNC110 - what is watched tells nobody
                await asyncio.sleep(_STEP_S)
    except TimeoutError:
        raise AssertionError(f"{what}: not true after {deadline_s:g} s") from None
