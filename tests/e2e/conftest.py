"""The system that the end-to-end tests call into, started once a run."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from livekit.rtc._ffi_client import FfiClient
from playwright.async_api import Browser

from sandbox.server import Sandbox
from tests.conftest import missing
from tests.e2e.account import Account, opened
from tests.e2e.browser import launched
from tests.e2e.scripts import TALK
from tests.e2e.speech import OPENING_HOURS, spoken
from tests.e2e.system import System, running
from tests.servers import EmbeddedPostgres, LiveKitServer, MissingServer


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def system(
    postgres: EmbeddedPostgres, livekit_server: LiveKitServer
) -> AsyncIterator[System]:
    """API and worker, without providers."""
    async with running(postgres, livekit_server) as system:
        yield system
        # At the interpreter's own end a thread of the SDK that still had something to tell would
        # abort the process, so it is ended while there is time.
        FfiClient.instance._dispose()


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


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    """The run's browser; each time that its microphone is opened it asks about opening hours."""
    try:
        async with launched(spoken(OPENING_HOURS), tmp_path_factory.mktemp("browser")) as browser:
            yield browser
    except MissingServer as problem:
        missing(problem)
