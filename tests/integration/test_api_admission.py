"""A full fleet over HTTP, with several API processes on a database of their own."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from itertools import cycle
from typing import Any
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY

from core.rights import Plan
from store.workers import WorkerRepository, WorkerSelf
from tests.eventually import eventually
from tests.integration.api import SESSIONS, Answer, Api, running_api
from tests.servers import ApiProcess


@pytest.fixture
def fleet_env(api_env: dict[str, str], dsn: str) -> dict[str, str]:
    """A database that no other test has workers in."""
    return {**api_env, "DATABASE_URL": dsn, "ADMISSION_WAIT_S": "0"}


async def show_worker(api: Api, capacity: int, *, is_draining: bool = False) -> None:
    name = api.settings.livekit.agent_name
    worker = WorkerSelf(uuid4(), "host", 7, name, 0, capacity, is_draining)
    async with api.database.connection() as connection:
        await WorkerRepository(connection).show(worker, ())


@asynccontextmanager
async def served(env: dict[str, str], *, capacity: int, **settings: str) -> AsyncIterator[Api]:
    async with running_api({**env, **settings}) as api:
        await show_worker(api, capacity)
        yield api


async def burst(tenants: Sequence[Api], processes: Sequence[ApiProcess], n: int) -> list[Answer]:
    """`n` creates at once, evenly on all processes and tenants, each with a key of its own."""

    def create(i: int, tenant: Api, process: ApiProcess) -> Any:
        headers = {"Idempotency-Key": str(i)}
        return tenant.send("POST", f"{process.url}{SESSIONS}", json={}, headers=headers)

    given = zip(range(n), cycle(tenants), cycle(processes), strict=False)
    answers: list[Answer] = await asyncio.gather(*(create(*one) for one in given))
    return answers


async def test_a_burst_gets_exactly_the_places_of_the_fleet_and_leaves_nothing_else_behind(
    fleet_env: dict[str, str],
) -> None:
    async with (
        served(fleet_env, capacity=20) as api,
        ApiProcess.several(2, fleet_env) as processes,
    ):
        tenants = [await api.for_new_tenant() for _ in range(5)]

        answers = await burst(tenants, processes, 50)

        assert Counter(one.status for one in answers) == {201: 20, 503: 30}
        refused = [one for one in answers if one.status == 503]
        assert {one.code for one in refused} == {"service_unavailable"}
        assert {one.json["error"]["type"] for one in refused} == {"api_error"}
        waits = {int(one.headers["Retry-After"]) for one in refused}
        assert waits <= set(range(5, 11))
        assert len(waits) > 1
        assert sum([await one.row_count() for one in tenants]) == 20
        async with api.database.connection() as connection:
            kept = await connection.fetch("SELECT status FROM idempotency_keys")
        assert [row["status"] for row in kept] == [201] * 20


async def test_a_refused_create_is_made_by_the_same_request_once_there_is_a_place(
    fleet_env: dict[str, str],
) -> None:
    headers = {"Idempotency-Key": "order-17"}
    async with served(fleet_env, capacity=1) as api:
        first = await api.create()
        refused = await api.send("POST", SESSIONS, json={}, headers=headers)
        await api.send("DELETE", f"{SESSIONS}/{first.json['id']}")

        made = await api.send("POST", SESSIONS, json={}, headers=headers)

    assert (refused.status, made.status) == (503, 201)
    assert "Idempotent-Replayed" not in made.headers


async def test_a_create_waits_for_the_place_that_comes_free(fleet_env: dict[str, str]) -> None:
    async with served(fleet_env, capacity=1, ADMISSION_WAIT_S="5") as api:
        first = await api.create()
        headers = {"Idempotency-Key": "order-17"}
        waiting = asyncio.create_task(api.send("POST", SESSIONS, json={}, headers=headers))

        async def waits() -> bool:
            return REGISTRY.get_sample_value("vaarta_sessions_waiting") == 1

        await eventually(waits, what="the create's waiting")
        await api.send("DELETE", f"{SESSIONS}/{first.json['id']}")
        made = await waiting
        again = await api.send("POST", SESSIONS, json={}, headers=headers)

    assert (made.status, made.headers["X-RateLimit-Remaining"]) == (201, "8")
    assert again.body == made.body


def n_refused(reason: str) -> float:
    counted = REGISTRY.get_sample_value("vaarta_sessions_refused_total", {"reason": reason})
    assert counted is not None, "told before the first"
    return counted


async def test_refusals_are_counted_by_their_reason(fleet_env: dict[str, str]) -> None:
    async with served(fleet_env, capacity=1) as api:
        free = await api.for_new_tenant(Plan.FREE)
        poor = await api.for_new_tenant(credits=Decimal(0))
        before = [n_refused(one) for one in ("places", "credits", "fleet")]

        answers = [await one.create() for one in (free, free, poor, api)]

    assert [one.status for one in answers] == [201, 429, 402, 503]
    assert [n_refused(one) for one in ("places", "credits", "fleet")] == [n + 1 for n in before]


async def test_a_fleet_that_drains_takes_no_session(fleet_env: dict[str, str]) -> None:
    async with running_api(fleet_env) as api:
        await show_worker(api, 8, is_draining=True)
        answer = await api.create()

    assert (answer.status, answer.code) == (503, "service_unavailable")
    assert "agent" in answer.json["error"]["message"]
