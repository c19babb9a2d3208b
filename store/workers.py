"""The workers that are there, as they tell it themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from store.records import SessionId
from store.repository import Repository

LIVING_S: Final = 15.0
"""Since one was last seen: three times what lies between two of its tellings."""

_SHOW: Final = """
WITH old AS (DELETE FROM workers WHERE seen_at < now() - interval '1 day' AND id <> $1)
INSERT INTO workers (id, host, pid, agent_name, active, capacity, is_draining, sessions)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (id) DO UPDATE
SET active = EXCLUDED.active, capacity = EXCLUDED.capacity, is_draining = EXCLUDED.is_draining,
    sessions = EXCLUDED.sessions, seen_at = now()"""
_FORGET: Final = "DELETE FROM workers WHERE id = $1"
_LIVING: Final = """
SELECT id, host, pid, agent_name, active, capacity, is_draining, seen_at FROM workers
WHERE seen_at > now() - make_interval(secs => $1) ORDER BY host, pid, id"""


@dataclass(frozen=True, slots=True)
class WorkerSelf:
    """What a worker says of itself: its machine and process there, the name by which it is sent
    for, the sessions that it holds and how many it takes; none any more once it `is_draining`."""

    id: UUID
    host: str
    pid: int
    agent_name: str
    active: int
    capacity: int
    is_draining: bool = False


@dataclass(frozen=True, slots=True)
class WorkerRecord(WorkerSelf):
    """One that was seen of late."""

    seen_at: datetime = datetime.min

    @property
    def free(self) -> int:
        """How many sessions it still takes."""
        return 0 if self.is_draining else max(0, self.capacity - self.active)


class WorkerRepository(Repository):
    """Writes one's own row, reads all."""

    async def show(self, worker: WorkerSelf, sessions: Sequence[SessionId] | None = None) -> None:
        """Tell that it is there, and for which sessions its jobs are, where that is known; who was
        not seen for a day is forgotten."""
        await self._row(
            _SHOW,
            worker.id,
            worker.host,
            worker.pid,
            worker.agent_name,
            worker.active,
            worker.capacity,
            worker.is_draining,
            sessions,
        )

    async def forget(self, worker_id: UUID) -> None:
        """It is gone."""
        await self._row(_FORGET, worker_id)

    async def living(self) -> list[WorkerRecord]:
        """Those that were seen of late."""
        return [WorkerRecord(**row) for row in await self._rows(_LIVING, LIVING_S)]
