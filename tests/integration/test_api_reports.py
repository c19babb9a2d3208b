"""One tenant that reads all it can, beside another."""

import asyncio
from uuid import uuid4

import pytest

from control_api.request.errors import ApiError
from control_api.request.reports import Reports
from core.setting_groups import ReportSettings
from store.pool import Database
from store.records import TenantId
from store.usage import Grouping
from tests.integration.api import SESSIONS, Answer, running_api

LATENCY = "/api/v1/usage/latency"
WIDE = "from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"


def quick(database: Database, *, per_tenant: int = 2) -> Reports:
    return Reports(database, ReportSettings(per_tenant=per_tenant, timeout_s=0.2))


async def test_a_report_that_takes_too_long_is_a_503(database: Database) -> None:
    with pytest.raises(ApiError) as refused:
        async with quick(database).transaction(TenantId(uuid4())) as connection:
            await connection.execute("SELECT pg_sleep(60)")

    assert refused.value.code == "service_unavailable"
    assert "Retry-After" in refused.value.headers


async def test_a_tenant_waits_for_its_own_reports_alone(database: Database) -> None:
    reports, one, other = quick(database), TenantId(uuid4()), TenantId(uuid4())

    async with reports.transaction(one), reports.transaction(one):
        with pytest.raises(ApiError):
            async with reports.transaction(one):
                pytest.fail("it has no third place")
        async with reports.transaction(other) as connection:
            assert await connection.fetchval("SELECT 1") == 1
    async with reports.transaction(one):
        pass


async def test_a_place_is_free_again_when_its_report_is_given_up(database: Database) -> None:
    reports, tenant_id = quick(database, per_tenant=1), TenantId(uuid4())

    async def read() -> None:
        async with reports.transaction(tenant_id):
            reading.set()
            await asyncio.Event().wait()

    reading = asyncio.Event()
    task = asyncio.create_task(read())
    await reading.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    async with reports.transaction(tenant_id):
        pass


async def test_a_report_has_one_processor_and_leaves_the_connection_as_it_was(
    database: Database,
) -> None:
    shown = "SELECT current_setting($1)"
    async with quick(database).transaction(TenantId(uuid4())) as connection:
        assert await connection.fetchval(shown, "max_parallel_workers_per_gather") == "0"
        assert await connection.fetchval(shown, "statement_timeout") == "200ms"
    async with database.connection() as connection:
        assert await connection.fetchval(shown, "statement_timeout") == "0"


@pytest.mark.asyncio(loop_scope="session")
async def test_one_tenants_reports_do_not_keep_another_from_anything(
    api_env: dict[str, str],
) -> None:
    """Nobody can read a turn; a dozen reports of each kind wait for it."""
    async with running_api({**api_env, "REPORTS_TIMEOUT_S": "1"}) as api:
        other = await api.for_new_tenant()
        async with api.database.transaction() as connection:
            await connection.execute("LOCK TABLE turns IN ACCESS EXCLUSIVE MODE")
            paths = [f"{LATENCY}?{WIDE}&group_by={one}" for one in Grouping]
            paths += [f"{SESSIONS}?q=a", f"/api/v1/usage/slowest?{WIDE}"]
            headers = {"Authorization": f"Bearer {await api.new_key(scopes='usage:read')}"}
            reports = [asyncio.create_task(api.get(path, headers=headers)) for path in paths * 12]
            created = [await other.create() for _ in range(3)]
            listed = await other.get(SESSIONS)
            await asyncio.wait(reports, return_when=asyncio.FIRST_COMPLETED)
        answers: list[Answer] = await asyncio.gather(*reports)

    assert [one.status for one in created] == [201] * 3
    assert len(listed.json) == 3
    late = [one for one in answers if one.status != 200]
    assert late
    assert {(one.status, one.code) for one in late} == {(503, "service_unavailable")}
    assert all(int(one.headers["Retry-After"]) > 0 for one in late)
