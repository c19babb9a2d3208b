"""What the database alone knows, as metrics: deliveries that wait, and the workers' fleet.

Every process tells it, so that it is told as long as one lives; they do not add up.
"""

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from control_api.parts import DATABASE, HEALTH, SETTINGS
from control_api.sessions.fleet import fleet_of
from core.errors import StoreError
from core.metrics import (
    FLEET_CAPACITY,
    FLEET_PLACES_USED,
    FLEET_SESSIONS,
    FLEET_WORKERS,
    SPEECH_SOCKETS,
    SPEECH_SOCKETS_ALLOWED,
    WEBHOOK_OLDEST_DUE_SECONDS,
    WEBHOOKS_DUE,
)
from core.setting_groups import CONNECTIONS_A_CALL
from core.supervision import Bears, kept_up, look_again
from store.admission import AdmissionRepository, Fleet
from store.outbox import OutboxRepository
from store.pool import Database
from store.workers import WorkerRecord, WorkerRepository

_log: Final = logging.getLogger(__name__)

EVERY_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Gauges:
    """`look` once, or `run` until cancelled. `sockets` are allowed of the speech service."""

    database: Database
    fleet: Fleet
    sockets: Mapping[str, int]

    async def run(self) -> None:
        """Again and again. While the database is away they stay as they were."""
        bears = Bears(StoreError, _log, "gauges.unknown", logging.INFO)
        await look_again("gauges", self.look, EVERY_S, bears)

    async def look(self) -> None:
        """Set all of them. Raises `StoreError`."""
        async with self.database.connection() as connection:
            backlog = await OutboxRepository(connection).backlog()
            workers = await WorkerRepository(connection).living()
            use = await AdmissionRepository(connection).use_of(self.fleet)
        WEBHOOKS_DUE.set(backlog.n)
        WEBHOOK_OLDEST_DUE_SECONDS.set(backlog.oldest_s)
        _tell_fleet(workers)
        FLEET_PLACES_USED.set(use.used)
        for service, n in CONNECTIONS_A_CALL.items():
            SPEECH_SOCKETS.labels(service).set(n * use.calls)
        for service, n in self.sockets.items():
            SPEECH_SOCKETS_ALLOWED.labels(service).set(n)


def _tell_fleet(workers: Sequence[WorkerRecord]) -> None:
    draining = [one for one in workers if one.is_draining]
    FLEET_WORKERS.labels("draining").set(len(draining))
    FLEET_WORKERS.labels("taking").set(len(workers) - len(draining))
    FLEET_SESSIONS.set(sum(one.active for one in workers))
    FLEET_CAPACITY.set(sum(one.capacity for one in workers if not one.is_draining))


async def gauges(app: web.Application) -> AsyncIterator[None]:
    """Look as long as the application runs."""
    settings = app[SETTINGS]
    looking = Gauges(app[DATABASE], fleet_of(settings), settings.sarvam.connections)
    async with kept_up("gauges", looking.run, health=app[HEALTH]):
        yield
