"""livekit-agents warms as many processes as the reserve wants, and tells the reserve of them."""

from typing import Any

import pytest
from livekit.agents.utils import EventEmitter
from livekit.protocol.agent import Job, JobAssignment
from prometheus_client import REGISTRY

from agent.worker.intake import Intake
from agent.worker.reserve import Reserve
from agent.worker.warm_server import WarmServer

LEAST, MOST, PLACES = 2, 6, 8


class Pool(EventEmitter[Any]):
    """What a server asks of livekit-agents' `ProcPool`, with two processes at the start."""

    def __init__(self) -> None:
        super().__init__()
        self._default_num_idle_processes = LEAST
        self.processes: list[Any] = [Process(), Process()]


class Process:
    running_job: Any = None


class Wanted(Reserve):
    """One that wants as many as it is told to, where there are places."""

    n = 4

    def wanted(self, *, n_places: int, free_mb: float | None) -> int:
        return min(self.n, n_places)


class Server(WarmServer):
    def __init__(self, reserve: Reserve) -> None:
        super().__init__(reserve, capacity=PLACES, taking=Intake())
        self._pending_assignments = {}
        self._reserved_slots = 0
        self._proc_pool: Any = Pool()

    def looks(self) -> int:
        """The number that livekit-agents reads twice a second."""
        return self._num_idle_processes


def test_it_starts_with_the_least_and_then_looks_at_what_is_wanted() -> None:
    server = Server(Wanted(LEAST, MOST))
    at_first = (server.looks(), server._proc_pool._default_num_idle_processes)
    server.emit("worker_started")

    assert at_first == (LEAST, LEAST)
    assert (server.looks(), server._proc_pool._default_num_idle_processes) == (4, MOST)
    assert REGISTRY.get_sample_value("vaarta_warm_processes") == 2
    assert REGISTRY.get_sample_value("vaarta_warm_processes_wanted") == 4


@pytest.mark.parametrize(("n_taken", "is_draining", "n_wanted"), [(5, False, 3), (0, True, 0)])
def test_it_warms_none_for_places_that_it_has_not(
    n_taken: int, is_draining: bool, n_wanted: int
) -> None:
    server = Server(Wanted(LEAST, MOST))
    server.emit("worker_started")
    server._reserved_slots, server._draining = n_taken, is_draining

    assert server.looks() == n_wanted


def test_the_reserve_hears_of_sessions_and_of_processes() -> None:
    clock = 0.0
    reserve = Reserve(LEAST, MOST, lambda: clock)
    server = Server(reserve)
    server.emit("worker_started")
    first, second = server._proc_pool.processes
    third = Process()
    for n in range(5):
        server._handle_assignment(JobAssignment(job=Job(id=str(n))))
    server._proc_pool.emit("process_created", third)
    clock = 4.0
    server._proc_pool.emit("process_ready", third)
    server._proc_pool.emit("process_job_launched", first)
    server._proc_pool.emit("process_closed", second)

    assert reserve.ready == {third}
    assert server.looks() == 5
