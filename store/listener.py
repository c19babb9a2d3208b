"""A connection of its own that hears what other processes notify."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

import asyncpg

from core.errors import StoreError
from core.setting_groups import DatabaseSettings
from store.pool import Connection
from store.translation import translated

log = logging.getLogger(__name__)

RETRY_WAIT_S: Final = 1.0
CHECK_S: Final = 10.0
"""How often a silent connection is asked whether it still lives."""


class Listener:
    """Listens to one channel for as long as `run` runs.

    `on_notified` gets each payload. It gets None when notifications may have been missed: at
    every start of listening. `listening` is set as long as they come at all.
    """

    def __init__(
        self, settings: DatabaseSettings, channel: str, on_notified: Callable[[str | None], None]
    ) -> None:
        self._settings = settings
        self._channel = channel
        self._on_notified = on_notified
        self.listening: Final = asyncio.Event()

    @property
    def is_listening(self) -> bool:
        """Whether notifications come."""
        return self.listening.is_set()

    async def run(self) -> None:
        """Listen, and begin anew whenever the connection is lost, until cancelled."""
        while True:
            try:
                with translated():
                    await self._listen()
            except StoreError as exc:
                log.warning("listener.lost", extra={"reason": str(exc)})
            finally:
                self.listening.clear()
            await asyncio.sleep(RETRY_WAIT_S)

    async def _listen(self) -> None:
        settings = self._settings
        connection: Connection = await asyncpg.connect(
            settings.session_dsn,
            timeout=settings.timeout_s,
            command_timeout=settings.timeout_s,
            statement_cache_size=0,
        )
        try:
            await connection.add_listener(self._channel, self._hear)
            self.listening.set()
            self._on_notified(None)
            while True:
                await asyncio.sleep(CHECK_S)
                await connection.execute("SELECT 1")
        finally:
            connection.terminate()

    def _hear(self, _connection: Any, _pid: int, _channel: str, payload: str) -> None:
        self._on_notified(payload)
