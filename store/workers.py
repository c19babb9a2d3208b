"""The workers that are there, as they tell it themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from store.repository import Repository

LIVING_S: Final = 15.0
"""Since one was last seen: three times what lies between two of its tellings."""

_SHOW: Final = """
WITH old AS (DELETE FROM workers WHERE seen_at < now() - interval '1 day' AND id <> $1)
INSERT INTO workers (id, host, active, capacity) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO UPDATE
SET active = EXCLUDED.active, capacity = EXCLUDED.capacity, seen_at = now()"""
_FORGET: Final = "DELETE FROM workers WHERE id = $1"
_LIVING: Final = """
SELECT id, host, active, capacity, seen_at FROM workers
WHERE seen_at > now() - make_interval(secs => $1) ORDER BY host, id"""


@dataclass(frozen=True, slots=True)
class WorkerRecord:
    """One worker: its machine, the sessions that it holds, and how many it takes."""

    id: UUID
    host: str
    active: int
    capacity: int
    seen_at: datetime


class WorkerRepository(Repository):
    """Writes one's own row, reads all."""

    async def show(self, worker_id: UUID, host: str, *, active: int, capacity: int) -> None:
        """Tell that it is there; who was not seen for a day is forgotten."""
        await self._row(_SHOW, worker_id, host, active, capacity)

    async def forget(self, worker_id: UUID) -> None:
        """It takes no more sessions."""
        await self._row(_FORGET, worker_id)

    async def living(self) -> list[WorkerRecord]:
        """Those that were seen of late."""
        return [WorkerRecord(**row) for row in await self._rows(_LIVING, LIVING_S)]
