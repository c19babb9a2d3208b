"""The latest talk: held once in a while, however many ask, as it costs what a turn costs."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Final

from aiohttp import web

from control_api.talk.conversation import Talk, hold
from core.catalog import Catalog
from core.settings import Settings

FRESH_S: Final = 20.0


class TalkBoard:
    """Who comes while a talk is held, or soon after, gets that one."""

    def __init__(self, settings: Settings, catalog: Catalog) -> None:
        self._settings = settings
        self._catalog = catalog
        self._lock = asyncio.Lock()
        self._last: tuple[datetime, Talk] | None = None
        self._held_at = 0.0

    async def talk(self) -> tuple[datetime, Talk]:
        """When it was held, and what was found."""
        async with self._lock:
            if self._last is None or time.monotonic() - self._held_at >= FRESH_S:
                found = await hold(self._settings, self._catalog)
                self._last = datetime.now(UTC), found
                self._held_at = time.monotonic()
            return self._last


TALK_BOARD: Final = web.AppKey("talk_board", TalkBoard)
