"""A worker takes exactly as many jobs as it has places, and LiveKit offers it as many."""

from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from livekit.agents.ipc.job_executor import JobExecutor
from livekit.protocol.agent import Job, JobAssignment, WorkerStatus

from agent.worker.intake import Intake
from agent.worker.places import CountedServer
from store.records import SessionId
from store.summons import Summons

TARGET_LOAD = 0.7
"""A livekit-server's, above which it offers no more jobs."""


def session(job_id: str) -> SessionId:
    return SessionId(UUID(bytes=job_id.encode().rjust(16)))


def summons(job_id: str) -> Summons:
    return Summons(session(job_id))


class Server(CountedServer):
    """One whose jobs are a list, and what it tells LiveKit as well."""

    def __init__(self, capacity: int = 4) -> None:
        self.taking = Intake()
        self.asking: dict[str, ExitStack] = {}
        self.launched: list[str] = []
        self.told: list[tuple[int, float]] = []
        super().__init__(capacity, self.taking, num_idle_processes=2)
        self._devmode = False  # as its `run` does
        self._worker_load, self._reserved_slots = 0.0, 0
        self._previous_status = WorkerStatus.WS_AVAILABLE
        self._pending_assignments = {}

    @property
    def active_jobs(self) -> list[Any]:
        jobs = [Job(id=one, metadata=summons(one).written()) for one in self.launched]
        return [SimpleNamespace(job=job) for job in jobs]

    async def _queue_msg(self, msg: Any) -> None:
        self._worker_load = self._load()
        self.told.append((msg.update_worker.job_count, self._load()))

    def offer(self, job_id: str) -> bool:
        """What `AgentServer` does with an offer, up to the gate."""
        if not self._is_available():
            return False
        self._reserved_slots += 1
        self.asking[job_id] = ExitStack()
        self.asking[job_id].enter_context(self.taking.asking(job_id, summons(job_id)))
        return True

    def assign(self, job_id: str) -> None:
        self._handle_assignment(JobAssignment(job=Job(id=job_id)))

    def begin(self, job_id: str) -> None:
        self.launched.append(job_id)

    def end_launch(self, job_id: str) -> None:
        self.asking[job_id].close()
        self._reserved_slots -= 1


def test_of_a_burst_that_finds_it_empty_a_worker_takes_as_many_as_it_has_places() -> None:
    server = Server()

    assert [server.offer(str(n)) for n in range(6)] == [True] * 4 + [False] * 2


def test_a_job_that_is_being_launched_takes_one_place() -> None:
    server = Server()
    for one in ("a", "b"):
        server.offer(one)
        server.begin(one)

    assert server.n_taken == 2
    server.end_launch("a")
    assert server.n_taken == 2
    assert [server.offer(str(n)) for n in range(3)] == [True, True, False]


@pytest.mark.parametrize("capacity", [1, 3, 8, 1000])
def test_it_is_offered_jobs_as_long_as_it_has_a_place_and_takes_none_beyond(capacity: int) -> None:
    server = Server(capacity)
    for n in range(capacity):
        assert server._load() < TARGET_LOAD
        assert server._is_available()
        server.begin(str(n))

    assert not server._is_available()


async def test_a_place_that_comes_free_is_told_at_once() -> None:
    server = Server(capacity=1)
    ended = cast(JobExecutor, SimpleNamespace(running_job=None))

    await server._update_job_status(ended)

    assert server.told == [(0, 0.0)]


def test_a_session_is_told_from_the_assignment_of_its_job_to_the_job_s_end() -> None:
    server = Server()
    told = [server.sessions]
    for step in (server.offer, server.assign, server.begin, server.end_launch):
        step("a")
        told.append(server.sessions)
    server.launched.clear()
    told.append(server.sessions)

    assert told == [[], [], *[[session("a")]] * 3, []]
