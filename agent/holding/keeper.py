"""Keeps a session: its lease is renewed as long as the job lives, what it remembers is left behind.

    every second, and at once when something happened worth keeping
      └─▶ renew ─▶ ours: for three seconds more     another's: fall silent, leave

A database that is away ends nothing: a claim needs it, too. Meanwhile the room is told that the
agent lives, as who has the database may not be cut off from it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from core.errors import StoreError
from core.supervision import kept_up
from store.holds import Belongings, HoldRepository
from store.pool import Database
from store.records import SessionId

log = logging.getLogger(__name__)

LEASE_S: Final = 3.0
"""A worker that is gone is replaced after two to three seconds."""
BEAT_S: Final = 1.0
LEAST_BEAT_S: Final = 0.15
"""Between two writes, however much happens."""
UNRENEWED_S: Final = 1.6
"""Without an answer of the database for so long, the room is told."""
LEAVE_TIMEOUT_S: Final = 2.0

Collect = Callable[[], Belongings | None]
Show = Callable[[str], Awaitable[None]]


class Keeper:
    """Keeps one session for one job inside of `kept`; `show_life` once there is a room.

    `on_replaced` is told, once, when another job holds it.
    """

    def __init__(
        self,
        database: Database,
        session_id: SessionId,
        holder: str,
        *,
        on_replaced: Callable[[], None],
    ) -> None:
        self._database = database
        self._session_id = session_id
        self._holder = holder
        self._on_replaced = on_replaced
        self._collect: Collect = lambda: None
        self._news = asyncio.Event()
        self._writing = asyncio.Lock()
        self._is_finished = False
        self._is_let_go = False
        self._renewed_at = asyncio.get_running_loop().time()

    def keep(self, collect: Collect) -> None:
        """From now on leave behind what `collect` gives."""
        self._collect = collect

    def remember(self) -> None:
        """From now on leave behind what there is now: the conversation goes on elsewhere."""
        left = self._collect()
        self._collect = lambda: left

    def soon(self) -> None:
        """Something happened that must not wait for the next beat."""
        self._news.set()

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Renew the lease as long as the block lasts."""
        self._renewed_at = asyncio.get_running_loop().time()
        async with kept_up("keeper", self._keep_on):
            yield

    async def _keep_on(self) -> None:
        await self.run()
        await asyncio.Event().wait()

    async def run(self) -> None:
        """Renew until another holds the session, or cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            began_at = loop.time()
            try:
                async with self._writing:
                    if self._is_let_go:
                        return
                    is_ours = await self._renew()
            except StoreError as exc:
                log.warning("lease.not_renewed", extra={"error": type(exc).__name__})
            else:
                if not is_ours:
                    if not self._is_finished:
                        self._on_replaced()
                    return
                self._renewed_at = began_at
            await asyncio.sleep(LEAST_BEAT_S)
            await self._pause(BEAT_S - (loop.time() - began_at))

    async def show_life(self, show: Show) -> None:
        """Tell the room, beat for beat, as long as the database does not answer."""
        loop = asyncio.get_running_loop()
        n_beats = 0
        while True:
            await asyncio.sleep(BEAT_S)
            if self._is_let_go:
                continue
            if loop.time() - self._renewed_at >= UNRENEWED_S:
                n_beats += 1
                await show(str(n_beats))
            elif n_beats:
                n_beats = 0
                await show("")

    async def let_go(self, *, at_once: bool = True) -> None:
        """Leave the session to whoever claims it, with all that is remembered; in time or not. From
        then on nothing is renewed.

        Not `at_once`, when its lease runs out: rows in the journal have until then to be written.
        """
        if self._is_let_go:
            return
        self._is_let_go = True
        try:
            async with asyncio.timeout(LEAVE_TIMEOUT_S), self._writing:
                if await self._renew() and at_once:
                    async with self._database.connection() as connection:
                        await HoldRepository(connection).release(self._session_id, self._holder)
        except (StoreError, TimeoutError) as exc:
            log.warning("lease.not_released", extra={"error": type(exc).__name__})

    async def hand_over(self, successor: str) -> bool:
        """Pass the session on, with all that is remembered; False when it was not this job's any
        more, or nobody's. Raises `StoreError`."""
        left = self._collect()
        assert left is not None, "only a conversation is handed over"
        async with self._database.connection() as connection:
            return await HoldRepository(connection).hand_over(
                self._session_id, self._holder, successor, lease_s=LEASE_S, left=left
            )

    async def finish(self) -> None:
        """The session is over and written: nothing is left behind."""
        self._is_finished = True
        try:
            async with asyncio.timeout(LEAVE_TIMEOUT_S), self._database.connection() as connection:
                await HoldRepository(connection).finish(self._session_id, self._holder)
        except (StoreError, TimeoutError) as exc:
            log.warning("hold.not_finished", extra={"error": type(exc).__name__})

    async def _renew(self) -> bool:
        self._news.clear()
        left = self._collect()
        async with self._database.connection() as connection:
            return await HoldRepository(connection).renew(
                self._session_id, self._holder, lease_s=LEASE_S, left=left
            )

    async def _pause(self, seconds: float) -> None:
        """Until something happened, but no longer than that."""
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await self._news.wait()
        except TimeoutError:
            return
