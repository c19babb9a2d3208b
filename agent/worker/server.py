"""The process that registers with LiveKit and gives each session a warm process of its own."""

import asyncio
import functools
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from livekit.agents import AgentServer

from agent.analysis.analyst import Analyst
from agent.recording.delivery import Deliverer
from agent.records.replay import Replayer
from agent.session.entrypoint import prewarm, run_job
from agent.signs import Sign, Signs
from agent.worker.bereavement import Bereavement
from agent.worker.gate import Gate
from agent.worker.link import Link
from agent.worker.own_metrics import OwnMetrics, count_no_processes
from agent.worker.places import CountedServer
from agent.worker.readiness import WatchedServer
from agent.worker.reserve import Reserve
from agent.worker.roll_call import Present, RollCall
from core.catalog import Catalog
from core.settings import Settings
from core.supervision import Health, kept_up, see_ended, stop_tasks
from store.pool import Database

log = logging.getLogger(__name__)

METRICS: Final = "metrics"
"""The folder in the shared one where all processes leave theirs."""
JOB_MEMORY_WARN_MB: Final = 500
WARMED_WITHIN_S: Final = 60.0
"""A process takes a quarter of a second, and seven where a burst of callers has the processor. One
that is ended for being late is begun anew, in the same burst."""
CLOSE_S: Final = 30.0
"""A job has 10 s to answer, and as many to end; what then still hangs does not keep the worker."""


def build_server(settings: Settings, catalog: Catalog, shared: Path, gate: Gate) -> WatchedServer:
    """A worker that is found by name only, so that rooms get an agent by their token alone, and
    takes the jobs that the gate lets pass.

    `shared` is a folder of its processes: they leave their metrics there for the page that it
    serves, tell each other how the models' hosts do, and see there that it is being stopped.
    """
    count_no_processes()
    server = WatchedServer(
        Health(),
        Signs(shared).cut_off,
        capacity=settings.agent.capacity,
        taking=gate.taking,
        setup_fnc=functools.partial(prewarm, settings, catalog, shared),
        reserve=Reserve(settings.agent.idle_processes, settings.agent.idle_processes_most),
        initialize_process_timeout=WARMED_WITHIN_S,
        job_memory_warn_mb=JOB_MEMORY_WARN_MB,
        drain_timeout=settings.agent.drain_timeout_s,
        ws_url=settings.livekit.url,
        api_key=settings.livekit.api_key,
        api_secret=settings.livekit.api_secret.get_secret_value(),
        host=settings.agent.host,
        port=settings.agent.port,
        prometheus_port=settings.agent.metrics_port,
        prometheus_multiproc_dir=str(shared / METRICS),
        preload_modules=["agent.session.preload"],
        log_level=settings.app.log_level.replace("WARNING", "WARN"),
    )
    server.rtc_session(run_job, agent_name=settings.livekit.agent_name, on_request=gate.answer)
    return server


async def serve(
    server: WatchedServer, settings: Settings, catalog: Catalog, shared: Path, gate: Gate
) -> None:
    """Run until a signal: SIGTERM lets the sessions end or go to another worker first, SIGINT or a
    second one does not.

    Meanwhile what jobs left in the journal is written, what they recorded is stored, what they
    held who died is released, it is told that the worker is there, whether LiveKit is, is asked,
    and sessions that are over are analysed.
    """
    signs, registered = Signs(shared), asyncio.Event()
    own_metrics = OwnMetrics(shared / METRICS, shared / "own-metrics")
    async with (
        gate.open(),
        Replayer.opened(settings, server.health) as replayer,
        Deliverer.opened(settings, server.health),
        Bereavement.opened(settings.database, replayer) as bereavement,
        _own_database(settings) as database,
        RollCall.opened(
            database,
            settings,
            lambda: _present(server, signs) if registered.is_set() else None,
            health=server.health,
        ),
        Analyst.opened(database, settings, catalog, health=server.health),
        kept_up("link", Link(settings.livekit, signs.cut_off).run, health=server.health),
    ):
        server.on("worker_registered", lambda *_: registered.set())
        server.on("worker_registered", lambda *_: log.info("worker.registered"))
        server.on("worker_started", lambda: bereavement.watch(server))
        server.on("worker_started", own_metrics.give_back)
        await run_until_told(server, signs.draining)


@asynccontextmanager
async def _own_database(settings: Settings) -> AsyncIterator[Database]:
    """For what the worker itself does, beside its jobs: one connection."""
    database = await Database.open_thrifty(settings.database, 1)
    try:
        yield database
    finally:
        await database.close()


def _present(server: CountedServer, signs: Signs) -> Present:
    return Present(tuple(server.sessions), signs.draining.is_shown)


async def run_until_told(server: AgentServer, draining: Sign) -> None:
    """Run the server until a signal, then end it in order, and within bounds."""
    loop = asyncio.get_running_loop()
    running = asyncio.create_task(server.run(), name="worker")
    stopping = asyncio.Event()
    hurrying = asyncio.Event()

    def on_terminate() -> None:
        (hurrying if stopping.is_set() else stopping).set()

    def on_interrupt() -> None:
        stopping.set()
        hurrying.set()

    loop.add_signal_handler(signal.SIGTERM, on_terminate)
    loop.add_signal_handler(signal.SIGINT, on_interrupt)
    signalled = asyncio.create_task(stopping.wait(), name="signal")
    await asyncio.wait({running, signalled}, return_when=asyncio.FIRST_COMPLETED)
    signalled.cancel()
    if running.done():
        running.result()
        return
    draining.show()
    await _drain(server, hurrying)
    closing = asyncio.create_task(server.aclose(), name="worker-close")
    await see_ended([closing, running], within_s=CLOSE_S)
    if closing.done():
        closing.result()


async def _drain(server: AgentServer, hurrying: asyncio.Event) -> None:
    """Take no more jobs and wait for those at hand, unless there is a hurry."""
    draining = asyncio.create_task(server.drain(), name="drain")
    hurried = asyncio.create_task(hurrying.wait(), name="hurry")
    await asyncio.wait({draining, hurried}, return_when=asyncio.FIRST_COMPLETED)
    await stop_tasks([draining, hurried])
    is_over = draining.done() and not draining.cancelled()
    if is_over and isinstance(draining.exception(), TimeoutError):
        log.warning("worker.drain_timed_out")
