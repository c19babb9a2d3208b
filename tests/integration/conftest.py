"""Servers shared by the integration tests: one Postgres and one livekit-server a run."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator

import pytest
from pydantic import SecretStr

from core.settings import DatabaseSettings
from store.migrate import migrate
from store.pool import Database
from tests.integration.api import JWT_SECRET, Api, running_api
from tests.servers import EmbeddedPostgres, LiveKitServer, MissingServer


def missing(problem: MissingServer) -> None:
    """A visible skip at a desk, a failure where everything must be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(str(problem))
    pytest.skip(str(problem))


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
def template_database(postgres: EmbeddedPostgres) -> str:
    """A migrated database that each test gets a copy of."""

    async def build() -> str:
        name = await postgres.create_database()
        await migrate(postgres.dsn(name))
        return name

    return asyncio.run(build())


@pytest.fixture
async def empty_dsn(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """A database of the test's own without a schema."""
    name = await postgres.create_database()
    yield postgres.dsn(name)
    await postgres.drop_database(name)


@pytest.fixture
async def dsn(postgres: EmbeddedPostgres, template_database: str) -> AsyncIterator[str]:
    """A migrated database of the test's own."""
    name = await postgres.create_database(template=template_database)
    yield postgres.dsn(name)
    await postgres.drop_database(name)


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    """A pool on the test's database."""
    pool = await Database.open(DatabaseSettings(url=SecretStr(dsn)))
    yield pool
    await pool.close()


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


@pytest.fixture
def api_env(dsn: str, livekit_server: LiveKitServer) -> dict[str, str]:
    """The environment of an API on the test's own database, on ports that are free."""
    return {
        **livekit_server.env(),
        "DATABASE_URL": dsn,
        "LIVEKIT_PUBLIC_URL": "wss://livekit.example.com",
        "AUTH_JWT_SECRET": JWT_SECRET,
        "API_PORT": "0",
        "METRICS_PORT": "0",
    }


@pytest.fixture
async def api(api_env: dict[str, str]) -> AsyncIterator[Api]:
    """The API in this process, with a tenant and its key."""
    async with running_api(api_env) as running:
        yield running
