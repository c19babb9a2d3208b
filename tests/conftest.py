"""Servers that tests on real parts share: one Postgres and one livekit-server a run."""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.servers import EmbeddedPostgres, LiveKitServer, MissingServer


def missing(problem: MissingServer) -> None:
    """A visible skip at a desk, a failure where everything must be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(str(problem))
    pytest.skip(str(problem))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long begin first, then those of many tests: what is left for the end is
    short, and the processes of a run end together."""
    n_tests = Counter(item.path for item in items)
    items.sort(key=lambda one: (not one.get_closest_marker("lengthy"), -n_tests[one.path]))


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """The run's Postgres."""
    try:
        server = EmbeddedPostgres.start()
    except MissingServer as problem:
        missing(problem)
        return
    try:
        asyncio.run(server.prepare())
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def livekit_server() -> Iterator[LiveKitServer]:
    """The run's livekit-server."""
    try:
        server = asyncio.run(LiveKitServer.start())
    except MissingServer as problem:
        missing(problem)
        return
    try:
        yield server
    finally:
        server.process.stop()
