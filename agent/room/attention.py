"""Whether the caller follows what the agent says: hears it, or reads it."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, Final

from agent.room.presence import Presence
from core.supervision import stop_tasks

log = logging.getLogger(__name__)

READER_S: Final = 5.0
"""A caller who is reached and does not receive the agent's track by then only reads."""
SPEAKER_S: Final = 10.0
"""One who has a microphone will hear as well: a slow network or a busy client is waited for."""


class Attention:
    """Of the caller that `presence` follows."""

    def __init__(self, presence: Presence) -> None:
        self._presence = presence
        self._has_typed = asyncio.Event()

    def typed(self) -> None:
        """They wait for an answer, by whatever way that comes."""
        self._has_typed.set()

    async def given(self, receiving: Coroutine[Any, Any, None], timeout_s: float) -> bool:
        """Wait for it: `receiving` returns once they receive the agent's track. False when they
        are not even reached in time."""
        signs = [
            asyncio.create_task(receiving, name="receiving"),
            asyncio.create_task(self._typing(), name="typing"),
            asyncio.create_task(self._reading(), name="reading"),
        ]
        try:
            seen, _ = await asyncio.wait(
                signs, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED
            )
            return bool(seen) or self._presence.is_reached
        finally:
            await stop_tasks(signs)

    async def _typing(self) -> None:
        await self._has_typed.wait()

    async def _reading(self) -> None:
        await self._presence.reached()
        await asyncio.sleep(READER_S)
        if self._presence.has_track:
            await asyncio.sleep(SPEAKER_S - READER_S)
        log.info("caller.only_reads")
