"""What a worker's own page says of it, on a real socket."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from livekit.agents.utils.http_server import HttpServer

from agent.signs import Signs
from agent.worker.gate import Gate
from agent.worker.readiness import WatchedServer
from agent.worker.server import build_server
from core.catalog import Catalog
from core.settings import Settings
from core.supervision import kept_up


@pytest.fixture
def worker(tmp_path: Path) -> WatchedServer:
    return build_server(Settings(), Catalog.load(), tmp_path, Gate(Settings()))


@pytest.fixture
async def page(worker: WatchedServer) -> AsyncIterator[str]:
    """Its address, with the pages made as `AgentServer.run` makes them."""
    pages = HttpServer("127.0.0.1", 0)
    worker._http_server = pages
    await pages.start()
    yield f"http://127.0.0.1:{pages.port}/readyz"
    await pages.aclose()


async def said(page: str) -> tuple[int, dict[str, Any]]:
    async with aiohttp.ClientSession() as http, http.get(page) as answer:
        return answer.status, (await answer.json())["checks"]


async def test_a_worker_says_which_of_its_tasks_are_down(worker: WatchedServer, page: str) -> None:
    begun = asyncio.Event()

    async def replay() -> None:
        begun.set()
        raise OSError("the disk is gone")

    assert await said(page) == (200, {"livekit": "ok", "tasks": "ok"})
    async with kept_up("replayer", replay, health=worker.health):
        await begun.wait()
        await asyncio.sleep(0)
        assert await said(page) == (503, {"livekit": "ok", "tasks": "down: replayer"})
    assert (await said(page))[0] == 200


async def test_a_worker_that_is_cut_off_says_so(page: str, tmp_path: Path) -> None:
    Signs(tmp_path).cut_off.show()
    assert await said(page) == (503, {"livekit": "unavailable", "tasks": "ok"})
