"""The worker's end: in order, and within bounds whatever hangs."""

import asyncio
import os
import signal
from pathlib import Path
from typing import cast

import pytest
from livekit.agents import AgentServer

from agent.signs import Sign
from agent.worker.server import CLOSE_S, run_until_told
from core.supervision import STOP_S
from tests.virtual_time import stubborn


class FakeServer:
    """Stands for livekit-agents': `drains_s` and `closes_s` pass whoever cancels them."""

    def __init__(self, *, drains_s: float = 0.0, closes_s: float = 0.0) -> None:
        self.drains_s = drains_s
        self.closes_s = closes_s
        self.closed = asyncio.Event()

    async def run(self) -> None:
        await self.closed.wait()

    async def drain(self) -> None:
        await stubborn(self.drains_s)

    async def aclose(self) -> None:
        await stubborn(self.closes_s)
        self.closed.set()


async def told(server: FakeServer, sign: Path, *, signals: int = 1) -> float:
    """Tell a running worker to stop; how long that takes."""
    running = asyncio.create_task(run_until_told(cast(AgentServer, server), Sign(sign)))
    await asyncio.sleep(1)
    told_at = asyncio.get_running_loop().time()
    for _ in range(signals):
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0.1)
    await running
    return asyncio.get_running_loop().time() - told_at


def hung(caplog: pytest.LogCaptureFixture) -> list[str]:
    return sorted(vars(one)["task"] for one in caplog.records if one.getMessage() == "task.hung")


async def test_a_worker_that_is_told_to_stop_drains_and_closes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = FakeServer(drains_s=60.0, closes_s=1.0)
    assert await told(server, tmp_path / "draining") == pytest.approx(61.0)
    assert (tmp_path / "draining").exists()
    assert hung(caplog) == []


async def test_a_drain_that_cannot_be_called_off_is_named_and_left(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = FakeServer(drains_s=100.0)
    assert await told(server, tmp_path / "draining", signals=2) == pytest.approx(0.1 + STOP_S)
    assert hung(caplog) == ["drain"]
    await asyncio.sleep(100)


async def test_a_server_that_does_not_close_is_named_and_left(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = FakeServer(closes_s=100.0)
    assert await told(server, tmp_path / "draining") == pytest.approx(CLOSE_S, abs=0.2)
    assert hung(caplog) == ["worker", "worker-close"]
    await asyncio.sleep(100)
