"""A worker's places: how many are taken, exactly, and what LiveKit is told of it."""

from contextlib import suppress
from typing import Any, Final

from livekit.agents import AgentServer
from livekit.agents.ipc.job_executor import JobExecutor
from livekit.agents.utils.aio import ChanClosed
from livekit.protocol.agent import JobAssignment

from agent.worker.intake import Intake
from core.metrics import SESSIONS_ACTIVE, SESSIONS_CAPACITY
from store.records import SessionId
from store.summons import Summons

FULL: Final = 0.69
"""The load of a worker whose every place is taken. To workers that are all at 0.7 or above, or at
what it has for `agents.target_load`, a livekit-server offers no job, whatever they would take."""
_AT_LEAST: Final = 0.9999
"""Of that load it is full: a worker may have a thousand places."""


class CountedServer(AgentServer):
    """A server that takes as many jobs at once as it has places, no more and no fewer.

    livekit-agents guesses what a job adds to the load by those at hand, or by the number of warm
    processes where there is none: of a burst that finds the worker empty it takes two. And it tells
    LiveKit every 2.5 s how full it is: a place that has come free in between is one that nobody is
    sent to. `taking` are the jobs that are accepted and not all launched yet.
    """

    def __init__(self, capacity: int, taking: Intake, **options: Any) -> None:
        self._capacity = capacity
        self._taking = taking
        super().__init__(load_fnc=self._load, load_threshold=FULL * _AT_LEAST, **options)

    @property
    def n_taken(self) -> int:
        """Places that jobs have, or are about to."""
        launched = [one for one in self.active_jobs if one.job.id not in self._taking]
        return self._reserved_slots + len(launched)

    @property
    def sessions(self) -> list[SessionId]:
        """One for each job that is assigned to this worker, whether it has a process yet or not."""
        running = {one.job.id: Summons.read(one.job.metadata) for one in self.active_jobs}
        jobs = {**self._taking.waiting, **running}
        return sorted(one.session_id for one in jobs.values() if one is not None)

    def _load(self) -> float:
        n_active = len(self.active_jobs)
        SESSIONS_ACTIVE.set(n_active)
        SESSIONS_CAPACITY.set(self._capacity)
        return self._load_of(n_active)

    def _get_effective_load(self) -> float:
        return self._load_of(self.n_taken)

    def _load_of(self, n_taken: int) -> float:
        return FULL * n_taken / self._capacity

    def _handle_assignment(self, assignment: JobAssignment) -> None:
        self._taking.assigned(assignment.job.id)
        super()._handle_assignment(assignment)

    async def _update_job_status(self, proc: JobExecutor) -> None:
        """Told whenever a job begins or its process is gone."""
        await super()._update_job_status(proc)
        with suppress(ChanClosed):
            await self._update_worker_status()
