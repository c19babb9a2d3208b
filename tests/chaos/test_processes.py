"""A worker's processes are found: all of them, and the one that holds a session."""

import psutil
import pytest

from benchmarks.chaos.processes import job_of, processes_of
from benchmarks.chaos.stage import Stage
from benchmarks.chaos.trial import Trial

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_job_that_holds_a_session_is_one_of_its_workers_processes(stage: Stage) -> None:
    trial = Trial(0)
    async with stage.guest(trial) as guest:
        worker, job = stage.holder_of(guest)
        whole = processes_of(worker.pid)
        others = [one for one in stage.system.workers if one is not worker]
        connected = {link.client_port for link in stage.system.wires.speech.links}
        held = {at.laddr.port for at in psutil.Process(job).net_connections("tcp")}
    await stage.settle(trial)
    assert job in whole
    assert whole[0] == worker.pid
    assert connected & held, "it is the one with the session's providers"
    assert all(job_of(other.written(), guest.session.id) is None for other in others)
