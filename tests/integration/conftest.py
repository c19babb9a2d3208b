"""Databases and an API of the test's own, on the run's servers."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from pydantic import SecretStr

from core.setting_groups import DatabaseSettings
from store.migrate import migrate
from store.pool import Database
from tests.integration.api import JWT_SECRET, Api, running_api
from tests.servers import EmbeddedPostgres, LiveKitServer


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
def api_env(
    postgres: EmbeddedPostgres, template_database: str, livekit_server: LiveKitServer
) -> dict[str, str]:
    """The environment of an API on ports that are free; tests share its database by tenants."""
    name = asyncio.run(postgres.create_database(template=template_database))
    return {
        **livekit_server.env(),
        "DATABASE_URL": postgres.dsn(name),
        "LIVEKIT_PUBLIC_URL": "wss://livekit.example.com",
        "AUTH_JWT_SECRET": JWT_SECRET,
        "RECORDING_STORE": str(postgres.folder / f"recordings-{name}"),
        "API_PORT": "0",
        "METRICS_PORT": "0",
    }


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_api(api_env: dict[str, str]) -> AsyncIterator[Api]:
    """The run's API, in this process."""
    async with running_api(api_env) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def api(shared_api: Api) -> Api:
    """The run's API, with a tenant of the test's own; for tests on the session's loop."""
    return await shared_api.for_new_tenant()
