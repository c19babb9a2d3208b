"""The conversation's tests run in virtual time, and none may leave a task or an error behind."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Mapping

import pytest
import pytest_asyncio

from tests.virtual_time import VirtualTimeLoop


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"virtual": VirtualTimeLoop}


@pytest.fixture(scope="session", autouse=True)
def _light_collections() -> None:
    """Take all that is loaded out of the collector's sight: collecting after a test is quick."""
    gc.collect()
    gc.freeze()


@pytest_asyncio.fixture
async def no_loose_ends() -> AsyncIterator[None]:
    """Fail when a task outlives the test, or raised something that nobody looked at."""
    yield
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not left, f"tasks left running: {left}"
    gc.collect()
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualTimeLoop)
    assert not loop.unhandled, loop.unhandled
