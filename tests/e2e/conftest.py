"""The system that the end-to-end tests call into, started once a run."""

from collections.abc import AsyncIterator

import pytest_asyncio

from sandbox.server import Sandbox
from tests.e2e.account import Account, opened
from tests.e2e.scripts import TALK
from tests.e2e.system import System, running
from tests.servers import EmbeddedPostgres, LiveKitServer


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def system(
    postgres: EmbeddedPostgres, livekit_server: LiveKitServer
) -> AsyncIterator[System]:
    """API and worker, without providers."""
    async with running(postgres, livekit_server) as system:
        yield system


@pytest_asyncio.fixture(loop_scope="session")
async def providers(system: System) -> AsyncIterator[Sandbox]:
    """Providers that hear two questions and answer them."""
    async with system.providers(TALK) as sandbox:
        yield sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def account(system: System) -> AsyncIterator[Account]:
    """A tenant of the test's own."""
    async with opened(system) as account:
        yield account
