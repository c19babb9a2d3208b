"""A connection of its own that hears what other processes notify, and itself among them.

    listen ──▶ every 5 s a notification to ourselves, by the pool as everybody's go
                 ├─ heard in time ──▶ listening
                 └─ not heard ──────▶ deaf: that is said, and we listen anew

Postgres takes a LISTEN from whoever connects, also from a pooler, which then hears in our place.
"""

import asyncio
import logging
import math
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeAlias
from uuid import uuid4

from core.errors import StoreError, StoreUnavailable
from core.metrics import LISTENER_HEARD, LISTENER_LOSSES
from core.setting_groups import DatabaseSettings
from store.connecting import PAST_A_POOLER, connect
from store.pool import Connection, Database
from store.translation import translated

log = logging.getLogger(__name__)

Hear: TypeAlias = Callable[[str | None], None]

BEAT_S: Final = 5.0
HEARS_WITHIN_S: Final = 10.0
SILENT_S: Final = 15.0
"""A connection that could not be had for so long is worth a complaint; deafness is at once."""
RETRY_WAIT_S: Final = 1.0
DEAF_WAIT_S: Final = 15.0
"""Trying again at once would help nobody, and leave one more LISTEN in a pooler's hands."""

_NOTIFY: Final = "SELECT pg_notify($1, $2)"


class Deaf(StoreUnavailable):
    """A notification was sent and did not come."""


class Listener:
    """Listens to channels for as long as `run` runs; name them with `on` before.

    `listening` is set as long as notifications come. `complaint` says what is wrong with them.
    """

    def __init__(self, settings: DatabaseSettings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._channels: dict[str, Hear] = {}
        self._own_channel = f"beat_{uuid4().hex}"
        self._stirred = asyncio.Event()
        self._heard_at = self._missed_at = -math.inf
        self._heard: Final = LISTENER_HEARD.labels("live_events")
        self.listening: Final = asyncio.Event()
        self.complaint: str | None = None

    def on(self, channel: str, hear: Hear) -> None:
        """`hear` gets each payload of the channel. It gets None when some may have been missed: as
        listening begins, and now and then while there is a complaint."""
        self._channels[channel] = hear

    async def run(self) -> None:
        """Listen, and begin anew whenever nothing can be heard, until cancelled."""
        self._heard_at = self._now()
        while True:
            wait_s = RETRY_WAIT_S
            try:
                with translated():
                    await self._listen()
            except Deaf as exc:
                wait_s = DEAF_WAIT_S
                log.warning("listener.deaf", extra={"reason": str(exc)})
                LISTENER_LOSSES.labels("deaf").inc()
                self._complain(exc)
            except StoreError as exc:
                log.warning("listener.lost", extra={"reason": str(exc)})
                LISTENER_LOSSES.labels("lost").inc()
                if self._now() - self._heard_at >= SILENT_S:
                    self._complain(exc)
            finally:
                self.listening.clear()
            await asyncio.sleep(wait_s)

    async def _listen(self) -> None:
        settings = self._settings
        connection, is_pooled = await connect(
            settings.session_dsn,
            timeout=settings.timeout_s,
            command_timeout=settings.timeout_s,
            statement_cache_size=0,
        )
        try:
            await connection.add_listener(self._own_channel, self._hear_beat)
            for channel in self._channels:
                await connection.add_listener(channel, self._hear)
            connection.add_termination_listener(lambda _: self._stirred.set())
            while True:
                await self._beat(connection, is_pooled=is_pooled)
                self._stirred.clear()
                await self._stirs(connection, BEAT_S)
        finally:
            connection.terminate()

    async def _beat(self, connection: Connection, *, is_pooled: bool) -> None:
        self._stirred.clear()
        try:
            async with self._database.connection() as sending:
                await sending.execute(_NOTIFY, self._own_channel, "")
        except StoreError:
            # Nobody can notify just now, which says nothing of the listening.
            await connection.execute("SELECT 1")
            return
        if not await self._stirs(connection, HEARS_WITHIN_S):
            raise Deaf(PAST_A_POOLER if is_pooled else "no notification comes")

    async def _stirs(self, connection: Connection, within_s: float) -> bool:
        """Whether a beat is heard in that time. Raises `StoreUnavailable` once nothing can be."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._stirred.wait()
        if connection.is_closed():
            raise StoreUnavailable("the connection is gone")
        return self._stirred.is_set()

    def _hear_beat(self, *_: Any) -> None:
        self._stirred.set()
        self._heard_at = self._now()
        self._heard.set_to_current_time()
        self.complaint = None
        if not self.listening.is_set():
            self.listening.set()
            self._say_missed()

    def _hear(self, _connection: Any, _pid: int, channel: str, payload: str) -> None:
        self._channels[channel](payload)

    def _complain(self, exc: StoreError) -> None:
        self.complaint = str(exc)
        if self._now() - self._missed_at >= DEAF_WAIT_S:
            self._say_missed()

    def _say_missed(self) -> None:
        self._missed_at = self._now()
        for hear in self._channels.values():
            hear(None)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
