"""Prunes what has been kept for long enough: every process tries, one of them does.

How long that is the settings say, and each tenant where it wants less.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from aiohttp import web

from control_api.parts import DATABASE, HEALTH, SETTINGS
from core.errors import StoreError
from core.metrics import PRUNED
from core.setting_groups import RetentionSettings
from core.supervision import Bears, kept_up, look_again
from store.pool import Database
from store.pruning import BATCH, PruningRepository
from store.records import TenantId
from store.retention import Kind, Retention, RetentionRepository

_log: Final = logging.getLogger(__name__)

_BREATH_S: Final = 0.05
"""Between two batches: who writes goes first."""


@dataclass(frozen=True, slots=True)
class Pruner:
    """`look` once, or `run` until cancelled."""

    settings: RetentionSettings
    database: Database

    async def run(self) -> None:
        """Again and again; what fails is tried again at the next look."""
        bears = Bears(StoreError, _log, "pruner.failed")
        await look_again("pruner", self.look, self.settings.interval_s, bears)

    async def look(self) -> None:
        """Prune all that is due. Raises `StoreError`."""
        async with self.database.connection() as connection:
            await PruningRepository(connection).forget_subjects()
            wanted = await RetentionRepository(connection).all()
        for kind in Kind:
            ours = self._kept_for(kind)
            if ours is not None:
                await self._prune_all(kind, ours)
            for tenant_id, retention in wanted.items():
                own = retention.kept_for(kind)
                if own is not None and (ours is None or own < ours):
                    await self._prune_all(kind, own, of=tenant_id)

    async def _prune_all(self, kind: Kind, kept_for: timedelta, of: TenantId | None = None) -> None:
        n_pruned = 0
        while n := await self._prune(kind, kept_for, of):
            n_pruned += n
            if n < BATCH:
                break
            await asyncio.sleep(_BREATH_S)
        if n_pruned:
            _log.info("pruner.pruned", extra={"kind": kind.value, "n": n_pruned})

    def _kept_for(self, kind: Kind) -> timedelta | None:
        """As the settings say; None: for ever."""
        if kind is Kind.ENDPOINTS:
            return timedelta(0)
        kept = self.settings
        days = (kept.transcripts_days, kept.recordings_days, kept.deliveries_days, kept.audit_days)
        return Retention(*(one or None for one in days)).kept_for(kind)

    async def _prune(self, kind: Kind, kept_for: timedelta, of: TenantId | None) -> int:
        """One batch; 0 where another process prunes."""
        async with self.database.transaction() as connection:
            pruning = PruningRepository(connection)
            if not await pruning.take_turn():
                return 0
            n = await pruning.prune(kind, kept_for, of)
        PRUNED.labels(kind.value).inc(n)
        return n


async def pruner(app: web.Application) -> AsyncIterator[None]:
    """One for the application's life."""
    pruning = Pruner(app[SETTINGS].retention, app[DATABASE])
    async with kept_up("pruner", pruning.run, health=app[HEALTH]):
        yield
