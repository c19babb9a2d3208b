"""A system whose every wire and process can fail, started once a run."""

from collections.abc import AsyncIterator

import pytest_asyncio
from livekit.rtc._ffi_client import FfiClient

from benchmarks.chaos.stage import Stage, staged
from benchmarks.livekit_server import LiveKitMissing
from tests.conftest import missing
from tests.servers import MissingServer

SETTINGS = {"REJOIN_GRACE_S": "3"}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage() -> AsyncIterator[Stage]:
    """Two workers, everything else once."""
    try:
        async with staged(settings=SETTINGS) as stage:
            yield stage
            # At the interpreter's own end a thread of the SDK that still had something to tell
            # would abort the process, so it is ended while there is time.
            FfiClient.instance._dispose()
    except LiveKitMissing as problem:
        missing(MissingServer(str(problem)))
