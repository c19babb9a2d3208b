"""A worker's warm processes: as many as the reserve wants."""

from typing import Any

from livekit.agents.ipc.proc_pool import ProcPool
from livekit.protocol.agent import JobAssignment

from agent.worker.free_memory import free_mb
from agent.worker.places import CountedServer
from agent.worker.reserve import Reserve
from core.metrics import WARM_PROCESSES, WARM_PROCESSES_WANTED


class WarmServer(CountedServer):
    """A server that looks twice a second how many processes should wait.

    livekit-agents warms a number that is fixed when it starts, or fewer as places are taken. It
    reads that number at each look, and its pool takes it as the most.
    """

    def __init__(self, reserve: Reserve, **options: Any) -> None:
        self._reserve = reserve
        self._has_begun = False
        super().__init__(num_idle_processes=reserve.least, **options)
        self.on("worker_started", self._begin)

    @property
    def _num_idle_processes(self) -> int:
        # Its pool is made with this one, and it waits for as many before it says that it started.
        if not self._has_begun:
            return self._reserve.least
        n_places = 0 if self._draining else max(0, self._capacity - self.n_taken)
        n_wanted = self._reserve.wanted(n_places=n_places, free_mb=free_mb())
        WARM_PROCESSES.set(len(self._reserve.ready))
        WARM_PROCESSES_WANTED.set(n_wanted)
        return n_wanted

    @_num_idle_processes.setter
    def _num_idle_processes(self, _: int) -> None:
        """It is the reserve's."""

    def _begin(self) -> None:
        self._has_begun = True
        pool: ProcPool = self._proc_pool
        pool._default_num_idle_processes = self._reserve.most
        for process in pool.processes:
            self._reserve.warmed(process)
        pool.on("process_created", self._reserve.begun)
        pool.on("process_ready", self._reserve.warmed)
        pool.on("process_job_launched", self._reserve.used)
        pool.on("process_closed", self._reserve.used)

    def _handle_assignment(self, assignment: JobAssignment) -> None:
        self._reserve.session_came()
        super()._handle_assignment(assignment)
