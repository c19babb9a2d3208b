"""`python -m control_api`, as an operator starts and stops it."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from decimal import Decimal

import aiohttp
import pytest

from benchmarks.child_process import ROOT
from core.rights import Plan
from store.keys import KeyRepository, NewKey
from store.pool import Connection, Database
from store.tenants import TenantRepository
from tests.eventually import eventually
from tests.integration.api import SESSIONS
from tests.servers import ApiProcess, free_port


def run(env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "control_api"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
async def process(api_env: dict[str, str]) -> AsyncIterator[ApiProcess]:
    started = await ApiProcess.start(api_env)
    yield started
    started.process.stop()


async def test_it_serves_until_it_is_told_to_stop(process: ApiProcess) -> None:
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{process.url}/readyz") as ready:
            assert ready.status == 200
        async with http.get(f"{process.metrics_url}/metrics") as metrics:
            assert "vaarta_http_requests_total" in await metrics.text()

    process.process.terminate()

    assert await process.process.wait() == 0


async def test_one_connection_too_many_is_told_on_the_process_own_loop_too(
    api_env: dict[str, str],
) -> None:
    started = await ApiProcess.start({**api_env, "API_MAX_CONNECTIONS": "1"})
    try:
        async with aiohttp.ClientSession() as http:

            async def is_alone() -> bool:
                async with http.get(f"{started.url}/healthz") as alone:
                    return alone.status == 200

            await eventually(is_alone, what="the one connection is ours")
            async with aiohttp.ClientSession() as second, second.get(started.url) as refused:
                assert refused.status == 503
                assert (await refused.json())["error"]["code"] == "service_unavailable"
    finally:
        started.process.stop()


async def test_a_request_under_way_is_answered_before_it_stops(
    dsn: str, database: Database, api_env: dict[str, str]
) -> None:
    key = await new_key(database)
    started = await ApiProcess.start({**api_env, "DATABASE_URL": dsn})
    try:
        async with aiohttp.ClientSession() as http:
            async with database.transaction() as connection:
                await connection.execute("LOCK TABLE sessions")
                asked = asyncio.create_task(create(http, started.url, key))
                await eventually(lambda: someone_waits(connection))
                started.process.terminate()
                await started.process.wait_for_output("api.stopping")
            assert await asked == 201
        assert await started.process.wait() == 0
    finally:
        started.process.stop()


async def test_a_request_that_hangs_does_not_keep_it_alive(
    dsn: str, database: Database, api_env: dict[str, str]
) -> None:
    key = await new_key(database)
    env = {**api_env, "DATABASE_URL": dsn, "DATABASE_TIMEOUT_S": "60", "API_STOP_TIMEOUT_S": "0.5"}
    started = await ApiProcess.start(env)
    try:
        async with aiohttp.ClientSession() as http, database.transaction() as connection:
            await connection.execute("LOCK TABLE sessions")
            asked = asyncio.create_task(create(http, started.url, key))
            await eventually(lambda: someone_waits(connection))
            started.process.terminate()
            assert await started.process.wait() == 1
            with pytest.raises(aiohttp.ClientError):
                await asked
        assert '"event": "api.hung"' in started.process.output()
        assert "RequestHandler.start" in started.process.output()
    finally:
        started.process.stop()


async def new_key(database: Database) -> str:
    async with database.connection() as connection:
        tenant = await TenantRepository(connection).add("Asha's shop", Plan.FREE, Decimal(10))
        _, key = await KeyRepository(connection).create(NewKey(tenant_id=tenant.id, name="till"))
        return key


async def create(http: aiohttp.ClientSession, url: str, key: str) -> int:
    headers = {"Authorization": f"Bearer {key}"}
    async with http.post(f"{url}{SESSIONS}", json={}, headers=headers) as answer:
        return answer.status


async def someone_waits(connection: Connection) -> bool:
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    return int(await connection.fetchval(waiting)) > 0


def test_bad_settings_are_all_named_and_nothing_starts() -> None:
    ended = run({"API_PORT": "many", "DATABASE_TIMEOUT_S": "-1", "CATALOG_FILE": "/nowhere"})

    assert ended.returncode == 2
    assert "API_PORT" in ended.stderr
    assert "DATABASE_TIMEOUT_S" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_catalog_that_cannot_be_read_is_named() -> None:
    ended = run({"CATALOG_FILE": "/nowhere/catalog.toml"})

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("CATALOG_FILE: ")


def test_a_port_that_is_taken_ends_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = run({"API_PORT": str(port), "METRICS_PORT": str(free_port())})

    assert ended.returncode == 1
    assert "api.cannot_listen" in ended.stderr
    assert "Traceback" not in ended.stderr
