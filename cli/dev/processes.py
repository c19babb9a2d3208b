"""The two processes of the product: the API and the worker."""

import json
import signal
import sys
from collections.abc import Mapping
from typing import Final

from cli.dev.launch import Launch
from cli.dev.part import PartSpec, StopStep
from cli.dev.ports import LOOPBACK
from cli.dev.probe import answers

READY_S: Final = 60.0
REGISTERED_EVENT: Final = "worker.registered"
WORKER_STOP: Final = (StopStep(signal.SIGINT, 12.0),)
"""An interrupt ends its sessions, a termination would let them go on to their ends."""
API_STOP: Final = (StopStep(signal.SIGTERM, 5.0),)


async def start_api(launch: Launch, env: Mapping[str, str]) -> str:
    """Start the API; returns its URL when the database and LiveKit answer through it."""
    host, port = env["API_HOST"], env["API_PORT"]
    url = f"http://{LOOPBACK if host == '0.0.0.0' else host}:{port}"  # noqa: S104
    argv = (sys.executable, "-m", "control_api")
    api = await launch.supervisor.start(PartSpec("api", argv, env, stop=API_STOP))
    await launch.supervisor.ready(api, lambda: answers(f"{url}/readyz"), READY_S)
    launch.ready("api", url)
    return url


async def start_worker(launch: Launch, env: Mapping[str, str], number: int) -> None:
    """Start a worker; returns when LiveKit knows it. From then on it is kept alive.

    `env` holds the first one's ports; the others take those that follow.
    """
    name = worker_name(number)
    if number > 1:
        env = {**env, **_next_ports(launch, env, number)}
    spec = PartSpec(name, (sys.executable, "-m", "agent"), env, stop=WORKER_STOP)
    worker = await launch.supervisor.start(spec)
    registered: list[bool] = []
    worker.listen(lambda line: registered.append(True) if is_registration(line) else None)

    async def check() -> bool | None:
        return True if registered else None

    def tell() -> None:
        launch.ready(name, f"registered with {env['LIVEKIT_URL']}")

    await launch.supervisor.ready(worker, check, READY_S)
    tell()
    launch.supervisor.keep(
        worker, lambda again: again.listen(lambda line: tell() if is_registration(line) else None)
    )


def worker_name(number: int) -> str:
    """`worker`, `worker-2`, `worker-3` and so on."""
    return "worker" if number == 1 else f"worker-{number}"


def _next_ports(launch: Launch, env: Mapping[str, str], number: int) -> dict[str, str]:
    def following(what: str, setting: str) -> str:
        return str(launch.ports.tcp(what, int(env[setting]) + number - 1))

    name = worker_name(number)
    return {
        "AGENT_PORT": following(name, "AGENT_PORT"),
        "AGENT_METRICS_PORT": following(f"{name} metrics", "AGENT_METRICS_PORT"),
    }


def is_registration(line: str) -> bool:
    """Whether a log line tells that the worker is registered."""
    try:
        logged = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(logged, dict) and logged.get("event") == REGISTERED_EVENT
