"""`vaarta dev` itself: three runs in one folder, each ended in another way."""

import json
import os
import signal
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import aiohttp
import psutil
import pytest

from tests.conftest import missing
from tests.dev_process import DevProcess
from tests.eventually import eventually
from tests.servers import MissingServer

pytestmark = pytest.mark.lengthy

StartDev: TypeAlias = Callable[..., DevProcess]


@pytest.fixture
def start_dev(tmp_path: Path) -> Iterator[StartDev]:
    """Starts a run in this test's folder, with settings."""
    runs: list[DevProcess] = []

    def start(*, log: str = "output.log", workers: int = 1, **env: str) -> DevProcess:
        try:
            runs.append(DevProcess(tmp_path, log=log, env=env, workers=workers))
        except MissingServer as exc:
            missing(exc)
        return runs[-1]

    yield start
    for run in runs:
        run.kill()


def listens(url: str) -> bool:
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    with socket.socket() as probe:
        return probe.connect_ex((parts.hostname, parts.port)) == 0


async def status_of(url: str, bearer: str) -> int:
    timeout = aiohttp.ClientTimeout(total=10)
    headers = {"Authorization": f"Bearer {bearer}"}
    async with (
        aiohttp.ClientSession(headers=headers, timeout=timeout) as http,
        http.get(url) as answer,
    ):
        return answer.status


async def console_config(ready: dict[str, Any]) -> dict[str, str]:
    """What the console's own page on this machine is told."""
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{ready['console_url']}/config.json") as answer,
    ):
        config: dict[str, str] = await answer.json()
        return config


async def assert_it_serves(run: DevProcess, ready: dict[str, Any]) -> None:
    assert stat.S_IMODE(run.ready_file.stat().st_mode) == 0o600
    sessions = f"{ready['api_url']}/v1/voice/sessions"
    assert await status_of(sessions, ready["api_key"]) == 200
    assert await status_of(sessions, ready["jwt"]) == 200
    owner = (await console_config(ready))["jwt"]
    assert await status_of(f"{ready['api_url']}/api/v1/keys", owner) == 200
    assert set(ready["pids"]) == {"vaarta", "postgres", "livekit", "sandbox", "api", "worker"}
    assert f"API key: {ready['api_key']}" in run.output()
    assert (run.ready_file.parent / "data/journal").is_dir()


async def assert_it_takes_sessions(ready: dict[str, Any]) -> None:
    """As many as a tenant may create in a minute, though nobody comes to them."""
    url = f"{ready['api_url']}/v1/voice/sessions"
    headers = {"Authorization": f"Bearer {ready['api_key']}"}
    async with aiohttp.ClientSession(headers=headers) as http:
        for _ in range(10):
            async with http.post(url, json={}) as answer:
                assert answer.status == 201, await answer.text()


async def test_three_runs_in_one_folder(start_dev: StartDev) -> None:
    killed = start_dev()
    await killed.said("ready: PostgreSQL")
    os.kill(killed.pid, signal.SIGKILL)
    await eventually(killed.nothing_is_left, what="the guard's work")

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        interrupted = start_dev(API_PORT=str(port))
        ready = await interrupted.ready()
    await assert_it_serves(interrupted, ready)
    assert f"port {port} is taken: api uses" in interrupted.output()
    os.kill(interrupted.pid, signal.SIGINT)
    assert await interrupted.exit_code() == 0
    assert await interrupted.nothing_is_left()
    assert not interrupted.ready_file.exists()
    addresses = (ready["api_url"], ready["livekit_url"], ready["database_url"])
    assert not any(map(listens, addresses))

    bereaved = start_dev()
    again = await bereaved.ready()
    assert again["api_key"] == ready["api_key"]
    await assert_it_takes_sessions(again)
    os.kill(again["pids"]["api"], signal.SIGKILL)
    assert await bereaved.exit_code() == 1
    assert "api ended by itself (signal SIGKILL)" in bereaved.output()
    assert await bereaved.nothing_is_left()


async def test_a_worker_that_dies_is_started_again(start_dev: StartDev) -> None:
    run = start_dev(workers=2)
    before: dict[str, int] = (await run.ready())["pids"]
    os.kill(before["worker"], signal.SIGKILL)

    async def is_told() -> bool:
        return (await run.pids())["worker"] != before["worker"]

    async def is_registered() -> bool:
        return run.output().count("ready: registered with") == 3

    await eventually(is_told, what="the new worker in the ready file")
    await eventually(is_registered, deadline_s=60, what="its registration")
    after = await run.pids()
    assert {name for name in after if after[name] != before[name]} == {"worker"}
    assert "worker-2" in after
    assert psutil.Process(after["worker"]).is_running()
    kept = json.loads((run.ready_file.parent / "data/dev.json").read_text())
    assert kept["running"]["pids"] == after

    os.kill(run.pid, signal.SIGKILL)
    await eventually(run.nothing_is_left, what="the guard's work")


async def test_the_second_one_in_a_folder_names_the_first(start_dev: StartDev) -> None:
    first = start_dev(log="first.log")
    await first.said("ready: ")
    second = start_dev(log="second.log")
    assert await second.exit_code() == 1
    assert "is running in" in second.output()
    assert f"process {first.pid}" in second.output()
    os.kill(first.pid, signal.SIGTERM)
    assert await first.exit_code() == 0
