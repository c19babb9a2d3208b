"""Limits over HTTP, with several API processes on one database."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from itertools import cycle
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from core.rights import Plan
from tests.eventually import eventually
from tests.integration.api import SESSIONS, Answer, Api
from tests.servers import ApiProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")

OF_A_CREATE = ("api_keys k", "idempotency_keys", "admit_to_fleet", "FROM bots")
HELD_UP = "SELECT count(*) FROM pg_locks WHERE NOT granted"
RATE_HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def processes(api_env: dict[str, str]) -> AsyncIterator[Sequence[ApiProcess]]:
    """Three APIs on the run's database."""
    async with ApiProcess.several(3, api_env) as started:
        yield started


async def create_at_once(
    api: Api, processes: Sequence[ApiProcess], n: int, **options: Any
) -> list[Answer]:
    """`n` creates at the same time, evenly on all processes."""
    urls = [process.url for process, _ in zip(cycle(processes), range(n), strict=False)]
    return await asyncio.gather(
        *(api.send("POST", f"{url}{SESSIONS}", json={}, **options) for url in urls)
    )


def rate(answer: Answer) -> tuple[int, int, int]:
    limit, remaining, reset = (int(answer.headers[name]) for name in RATE_HEADERS)
    return limit, remaining, reset


async def test_ten_of_two_hundred_creates_at_once_are_let_through(
    api: Api, processes: Sequence[ApiProcess]
) -> None:
    answers = await create_at_once(api, processes, 200)

    assert Counter(one.status for one in answers) == {201: 10, 429: 190}
    assert {one.code for one in answers if one.status == 429} == {"rate_limit_exceeded"}
    assert await api.row_count() == 10
    created = sorted(rate(one)[1] for one in answers if one.status == 201)
    assert created == list(range(10))
    for refused in (one for one in answers if one.status == 429):
        assert rate(refused)[:2] == (10, 0)
        assert refused.headers["Retry-After"] == refused.headers["X-RateLimit-Reset"]
        assert 1 <= rate(refused)[2] <= 60


@pytest.mark.parametrize(("plan", "places"), [(Plan.FREE, 1), (Plan.STARTER, 5)])
async def test_a_plan_has_exactly_its_sessions_at_once(
    api: Api, processes: Sequence[ApiProcess], plan: Plan, places: int
) -> None:
    tenant = await api.for_new_tenant(plan)

    answers = await create_at_once(tenant, processes, 10)

    assert Counter(one.status for one in answers) == {201: places, 429: 10 - places}
    refused = [one for one in answers if one.status == 429]
    assert {one.code for one in refused} == {"too_many_concurrent_requests"}
    assert all(int(one.headers["Retry-After"]) > 0 for one in refused)
    assert await tenant.row_count() == places


async def test_fifty_requests_with_one_key_make_one_session(
    api: Api, processes: Sequence[ApiProcess]
) -> None:
    headers = {"Idempotency-Key": "order-17"}

    answers = await create_at_once(api, processes, 50, headers=headers)
    later = await api.send("POST", SESSIONS, json={}, headers=headers)

    assert {one.status for one in answers} <= {201, 409}
    made = [one for one in answers if one.status == 201]
    assert {one.body for one in made} == {later.body}
    assert sum("Idempotent-Replayed" not in one.headers for one in made) == 1
    running = [one for one in answers if one.status == 409]
    assert {(one.code, one.headers["Retry-After"]) for one in running} <= {("conflict", "1")}
    assert await api.row_count() == 1
    assert rate(await api.create())[1] == 8


async def test_a_key_makes_no_more_requests_a_minute_than_it_may(
    api: Api, processes: Sequence[ApiProcess]
) -> None:
    key = await api.new_key(rate_limit_rpm=25)
    headers = {"Authorization": f"Bearer {key}"}
    urls = [process.url for process, _ in zip(cycle(processes), range(60), strict=False)]

    answers = await asyncio.gather(*(api.get(f"{url}{SESSIONS}", headers=headers) for url in urls))

    assert Counter(one.status for one in answers) == {200: 25, 429: 35}
    assert sorted(rate(one)[1] for one in answers if one.status == 200) == list(range(25))
    refused = next(one for one in answers if one.status == 429)
    assert refused.json["error"]["type"] == "rate_limit_error"
    assert refused.headers["Retry-After"] == refused.headers["X-RateLimit-Reset"]


async def test_a_person_asks_no_more_often_than_their_plan_lets_them(
    api: Api, processes: Sequence[ApiProcess]
) -> None:
    free = await api.for_new_tenant(Plan.FREE)
    headers = {"Authorization": f"Bearer {free.token()}"}
    urls = [process.url for process, _ in zip(cycle(processes), range(75), strict=False)]

    answers = await asyncio.gather(*(free.get(f"{url}{SESSIONS}", headers=headers) for url in urls))

    assert Counter(one.status for one in answers) == {200: 60, 429: 15}
    assert sorted(rate(one)[1] for one in answers if one.status == 200) == list(range(60))
    refused = next(one for one in answers if one.status == 429)
    assert refused.code == "rate_limit_exceeded"
    assert refused.headers["Retry-After"] == refused.headers["X-RateLimit-Reset"]
    others = (free.token(sub="somebody else"), (await api.for_new_tenant(Plan.FREE)).token())
    for other in others:
        answer = await free.get(SESSIONS, headers={"Authorization": f"Bearer {other}"})
        assert rate(answer)[1] == 59


@pytest.mark.parametrize(("held", "n_at_least"), [("key_windows", 1), ("bots", 5)])
async def test_a_tenant_whose_requests_are_all_held_up_holds_up_nobody_else(
    api: Api, held: str, n_at_least: int
) -> None:
    """More than there are connections: they wait for one row, or each for its own."""
    busy = {"Authorization": f"Bearer {await api.new_key(scopes='bots:read')}"}
    other = await api.for_new_tenant(Plan.FREE)
    asked = {"Authorization": f"Bearer {other.token()}"}

    async with api.database.transaction() as connection:
        await connection.execute(f"LOCK TABLE {held} IN ACCESS EXCLUSIVE MODE")
        waiting = [asyncio.create_task(api.get("/api/v1/bots", headers=busy)) for _ in range(40)]

        async def are_held() -> bool:
            return bool(await connection.fetchval(HELD_UP) >= n_at_least)

        await eventually(are_held)
        answer = await other.get(SESSIONS, headers=asked)
        held_up = [one for one in waiting if not one.done()]

    assert answer.status == 200
    assert len(held_up) == 40
    assert {one.status for one in await asyncio.gather(*waiting)} <= {200, 503}


@pytest.mark.parametrize(
    ("plan", "limit"),
    [(Plan.FREE, 60), (Plan.STARTER, 500), (Plan.PRO, 3000), (Plan.ENTERPRISE, 10000)],
)
async def test_a_plan_tells_how_often_its_keys_may_ask(api: Api, plan: Plan, limit: int) -> None:
    answer = await (await api.for_new_tenant(plan)).get(SESSIONS)

    assert rate(answer) == (limit, limit - 1, 60)


async def test_only_what_the_rate_lets_through_counts(api: Api) -> None:
    wrong: list[dict[str, Any]] = [
        {"voice": 5},
        {"llm_model": "gpt-2"},
        {"webhook_url": "x"},
        {"bot_id": "5"},
    ]
    for body in wrong * 3:
        assert (await api.create(**body)).status in {400, 422}

    answers = [await api.create() for _ in range(11)]

    assert [one.status for one in answers] == [201] * 10 + [429]
    assert rate(answers[0]) == (10, 9, 60)


async def test_without_credits_nothing_is_created_but_counted(api: Api) -> None:
    poor = await api.for_new_tenant(credits=Decimal("0.5"))

    answers = [await poor.create() for _ in range(11)]

    assert [one.status for one in answers] == [402] * 10 + [429]
    assert answers[0].json["error"]["type"] == "insufficient_quota"
    assert (answers[0].code, answers[0].headers["X-Credits-Balance"]) == (
        "insufficient_credits",
        "0.5",
    )
    assert rate(answers[0])[:2] == (10, 9)
    assert await poor.row_count() == 0


async def test_a_key_without_budget_creates_nothing(api: Api) -> None:
    key = await api.new_key(budget_limit=Decimal(0))

    answer = await api.send("POST", SESSIONS, json={}, headers={"Authorization": f"Bearer {key}"})

    assert (answer.status, answer.code) == (402, "budget_exceeded")
    assert await api.row_count() == 0


async def test_a_limit_that_is_raised_is_noticed_by_who_asks_on(api: Api) -> None:
    key = await api.new_key(rate_limit_rpm=1)
    headers = {"Authorization": f"Bearer {key}"}

    async def is_let_in() -> bool:
        return (await api.get(SESSIONS, headers=headers)).status == 200

    assert await is_let_in()
    for _ in range(5):
        refused = await api.get(SESSIONS, headers=headers)
        assert (refused.status, rate(refused)[:2]) == (429, (1, 0))
        assert 1 <= rate(refused)[2] <= 60
    async with api.database.connection() as connection:
        raised = "UPDATE api_keys SET rate_limit_rpm = 1000 WHERE rate_limit_rpm = 1"
        await connection.execute(raised)
    await eventually(is_let_in, what="the raised limit is noticed")


async def test_rate_then_money_then_places_are_checked(api: Api) -> None:
    """A free tenant with a place taken and no money left meets each refusal in turn."""
    free = await api.for_new_tenant(Plan.FREE)
    spent = await free.new_key(budget_limit=Decimal(0))
    assert (await free.create()).status == 201

    codes = [(await free.create()).code for _ in range(1)]
    headers = {"Authorization": f"Bearer {spent}"}
    codes += [(await free.send("POST", SESSIONS, json={}, headers=headers)).code for _ in range(9)]

    assert codes == ["too_many_concurrent_requests"] + ["budget_exceeded"] * 8 + [
        "rate_limit_exceeded"
    ]


@pytest.mark.parametrize(
    ("with_bot", "headers", "n_expected"),
    [(False, {}, 2), (False, {"Idempotency-Key": "a"}, 3), (True, {"Idempotency-Key": "b"}, 4)],
)
async def test_a_create_needs_few_round_trips(
    api: Api,
    monkeypatch: pytest.MonkeyPatch,
    with_bot: bool,
    headers: dict[str, str],
    n_expected: int,
) -> None:
    body = {"bot_id": await new_bot(api)} if with_bot else {}
    asked: list[str] = []
    fetchrow = asyncpg.Connection.fetchrow

    async def counted(self: Any, statement: str, *arguments: Any, **options: Any) -> Any:
        asked.append(statement)
        return await fetchrow(self, statement, *arguments, **options)

    monkeypatch.setattr(asyncpg.Connection, "fetchrow", counted)
    answer = await api.send("POST", SESSIONS, json=body, headers=headers)

    assert answer.status == 201
    # Background jobs of the API ask on their own account.
    of_request = [one for one in asked if any(name in one for name in OF_A_CREATE)]
    assert len(of_request) == n_expected


async def new_bot(api: Api) -> str:
    created = await api.send(
        "POST",
        "/api/v1/bots",
        json={"name": "Front desk", "system_prompt": "Be brief."},
        headers={"Authorization": f"Bearer {api.token()}"},
    )
    return str(created.json["id"])
