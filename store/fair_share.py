"""Whose connections a pool lends, so that a tenant that asks for everything waits for itself.

A tenant may hold as many connections as there are free ones left, others come before it as soon as
it holds more: of ten, one tenant alone gets five, a second three, and one stays for the next. Who
asks for nobody (loops of the process itself, the look at who is asking) may have each that is free.
Those who wait are served by turns of tenants, each tenant's in the order of their coming.
"""

import asyncio
from collections import OrderedDict
from contextvars import ContextVar
from typing import Final
from uuid import UUID

from core.counts import Counts
from core.errors import Crowded

MOST_WAITING: Final = 256
"""Of one tenant, in one process; the next is told to come back."""

_asked_for: ContextVar[UUID | None] = ContextVar("asked_for", default=None)


def ask_for(tenant_id: UUID | None) -> None:
    """What this task asks the database from here on is this tenant's wish; None: nobody's."""
    _asked_for.set(tenant_id)


def asked_for() -> UUID | None:
    """Whose wish this task does."""
    return _asked_for.get()


class FairShare:
    """So many places, lent one by one."""

    def __init__(self, n_places: int) -> None:
        self._n_free = n_places
        self._held: Counts[UUID] = Counts()
        self._waiting: OrderedDict[UUID | None, dict[asyncio.Future[None], None]] = OrderedDict()

    async def take(self, timeout_s: float) -> UUID | None:
        """Have one for whom this task asks, and tell who that is, for `give_back`.

        Raises `TimeoutError`, `Crowded`.
        """
        tenant_id = _asked_for.get()
        if self._first(tenant_id) is None and self._may_take(tenant_id):
            self._lend(tenant_id)
        else:
            await self._wait(tenant_id, timeout_s)
        return tenant_id

    def give_back(self, tenant_id: UUID | None) -> None:
        """One that was taken for this tenant."""
        self._n_free += 1
        if tenant_id is not None:
            self._held.less(tenant_id)
        self._call_next()

    async def _wait(self, tenant_id: UUID | None, timeout_s: float) -> None:
        line = self._waiting.setdefault(tenant_id, {})
        if tenant_id is not None and len(line) >= MOST_WAITING:
            raise Crowded("too many requests of this tenant wait for the database")
        called = asyncio.get_running_loop().create_future()
        line[called] = None
        try:
            async with asyncio.timeout(timeout_s):
                await called
        except BaseException:
            if called.done() and not called.cancelled():
                self.give_back(tenant_id)  # called in the moment of leaving
            self._strike(tenant_id, called)
            raise

    def _call_next(self) -> None:
        """One place came free, so there is one at most who may have it."""
        for tenant_id in self._waiting:
            called = self._first(tenant_id)
            if called is None or not self._may_take(tenant_id):
                continue
            self._lend(tenant_id)
            called.set_result(None)
            self._waiting.move_to_end(tenant_id)
            self._strike(tenant_id, called)
            return

    def _first(self, tenant_id: UUID | None) -> asyncio.Future[None] | None:
        """In its line, past those who are just leaving."""
        line = self._waiting.get(tenant_id, {})
        return next((one for one in line if not one.done()), None)

    def _strike(self, tenant_id: UUID | None, called: asyncio.Future[None]) -> None:
        """It waits no more; a line without anybody is forgotten."""
        line = self._waiting.get(tenant_id, {})
        line.pop(called, None)
        if not line:
            self._waiting.pop(tenant_id, None)

    def _may_take(self, tenant_id: UUID | None) -> bool:
        if tenant_id is None:
            return self._n_free > 0
        return self._held[tenant_id] < self._n_free

    def _lend(self, tenant_id: UUID | None) -> None:
        self._n_free -= 1
        if tenant_id is not None:
            self._held[tenant_id] += 1
