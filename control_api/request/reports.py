"""Reads over many rows, on connections of their own.

A tenant that asks for as much as it can, fifty times at once, waits for itself: its reports take
none of the connections that everything else needs, and not all of those that are for reports. Nor
do they keep a processor of the database busy all the time.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

from control_api.parts import SETTINGS
from control_api.request.errors import ApiError, ErrorCode
from core.counts import Counts
from core.errors import StoreLate
from core.setting_groups import ReportSettings
from store.pool import Connection, Database
from store.records import TenantId

# No report takes more of the server's processors than its own connection's.
_BOUND: Final = """
SELECT set_config('max_parallel_workers_per_gather', '0', true),
       set_config('statement_timeout', $1, true)"""

_MANY: Final = 8
"""Reports at once, more than a page shows. As long as a tenant asks for more, each of them is
followed by a rest."""
_RESTS: Final = 3.0
"""How long that is, in times of what the report took: a quarter of a processor is the most that it
keeps busy."""


class Reports:
    """Connections for reports, some of them for each tenant."""

    def __init__(self, database: Database, settings: ReportSettings) -> None:
        self._database = database
        self._settings = settings
        self._places: dict[TenantId, asyncio.Semaphore] = {}
        self._asking: Counts[TenantId] = Counts()

    @asynccontextmanager
    async def transaction(self, tenant_id: TenantId) -> AsyncIterator[Connection]:
        """A transaction for one report of the tenant's.

        Raises `ApiError` (503) when it, or the wait for it, takes too long; `StoreUnavailable`.
        """
        try:
            async with self._place(tenant_id), self._database.transaction() as connection:
                timeout_ms = str(round(self._settings.timeout_s * 1000))
                await connection.execute(_BOUND, timeout_ms)
                yield connection
        except StoreLate:
            raise _too_much() from None

    @asynccontextmanager
    async def _place(self, tenant_id: TenantId) -> AsyncIterator[None]:
        """One of the tenant's; what is kept of it is forgotten with the last that asks."""
        if tenant_id not in self._places:
            self._places[tenant_id] = asyncio.Semaphore(self._settings.per_tenant)
        places = self._places[tenant_id]
        self._asking[tenant_id] += 1
        try:
            try:
                async with asyncio.timeout(self._settings.timeout_s):
                    await places.acquire()
            except TimeoutError:
                raise _too_much() from None
            loop = asyncio.get_running_loop()
            began = loop.time()
            try:
                yield
            finally:
                rests = _RESTS if self._asking[tenant_id] > _MANY else 0.0
                loop.call_later(rests * (loop.time() - began), places.release)
        finally:
            self._asking.less(tenant_id)
            if not self._asking[tenant_id]:
                del self._places[tenant_id]


REPORTS: Final = web.AppKey("reports", Reports)


async def reports(app: web.Application) -> AsyncIterator[None]:
    """The connections, for the application's life."""
    settings = app[SETTINGS]
    own = {"pool_size": settings.reports.pool_size, "timeout_s": settings.reports.timeout_s}
    database = await Database.open(settings.database.model_copy(update=own), name="reports")
    app[REPORTS] = Reports(database, settings.reports)
    yield
    await database.close()


def _too_much() -> ApiError:
    message = "Too much is read at once. Ask for less, a shorter span, or again soon."
    return ApiError(ErrorCode.SERVICE_UNAVAILABLE, message)
