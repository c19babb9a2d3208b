"""Admission in a real Postgres: what is refused, in which order, and exactly how much is not."""

import asyncio
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Final
from uuid import uuid4

import pytest

from core.catalog import Catalog
from core.rights import Plan
from store.admission import AdmissionRepository, Decision, Terms, Verdict
from store.keys import KeyRepository, NewKey
from store.pool import Database
from store.records import EndReason, NewSession, SessionId, SessionRecord, TenantId
from store.sessions import SessionRepository
from store.tenants import TenantRepository
from tests.integration.rows import create_session

PLACES: Final = Catalog.load().places
TERMS: Final = Terms(creates_per_minute=10, min_credits=Decimal(1), places=PLACES)


async def new_tenant(database: Database, plan: Plan, credits: int = 100) -> TenantId:
    async with database.connection() as connection:
        return (await TenantRepository(connection).add("Asha's shop", plan, Decimal(credits))).id


def session_of(tenant_id: TenantId) -> NewSession:
    return NewSession(
        id=SessionId(uuid4()), tenant_id=tenant_id, config={}, room_name=f"voice-{uuid4().hex}"
    )


async def admit(database: Database, new: NewSession, terms: Terms = TERMS) -> Decision:
    async with database.connection() as connection:
        return await AdmissionRepository(connection).create(new, terms)


async def count_sessions(database: Database) -> int:
    async with database.connection() as connection:
        return int(await connection.fetchval("SELECT count(*) FROM sessions"))


async def age_sessions(database: Database, seconds: int) -> None:
    async with database.connection() as connection:
        await connection.execute(
            "UPDATE sessions SET created_at = created_at - make_interval(secs => $1)", seconds
        )


async def test_exactly_ten_of_many_at_once_are_admitted_in_a_minute(database: Database) -> None:
    tenant_id = await new_tenant(database, Plan.ENTERPRISE)

    decisions = await asyncio.gather(*(admit(database, session_of(tenant_id)) for _ in range(60)))

    assert Counter(one.verdict for one in decisions) == {Verdict.ADMITTED: 10, Verdict.RATE: 50}
    assert sorted(one.n_recent for one in decisions)[:10] == list(range(1, 11))
    assert all(0 < one.reset_s <= 60 for one in decisions)
    assert await count_sessions(database) == 10


async def test_a_place_in_the_rate_is_free_again_after_a_minute(database: Database) -> None:
    tenant_id = await new_tenant(database, Plan.ENTERPRISE)
    for _ in range(10):
        await admit(database, session_of(tenant_id))
    async with database.connection() as connection:
        await connection.execute(
            "UPDATE create_windows SET admitted_at[1] = admitted_at[1] - interval '60 s'"
        )

    verdicts = [(await admit(database, session_of(tenant_id))).verdict for _ in range(2)]

    assert verdicts == [Verdict.ADMITTED, Verdict.RATE]


async def set_back(database: Database, seconds: int) -> None:
    """As if the clock had been: what is stored lies ahead by so much."""
    await age_sessions(database, -seconds)
    async with database.connection() as connection:
        await connection.execute(
            "UPDATE create_windows SET admitted_at ="
            " ARRAY(SELECT one + make_interval(secs => $1) FROM unnest(admitted_at) one)",
            seconds,
        )


@pytest.mark.parametrize("seconds", [1, 3600])
async def test_a_clock_that_is_set_back_neither_stops_the_rate_nor_opens_it(
    database: Database, seconds: int
) -> None:
    tenant_id = await new_tenant(database, Plan.ENTERPRISE)
    for _ in range(10):
        await admit(database, session_of(tenant_id))
    await set_back(database, seconds)

    refused = [await admit(database, session_of(tenant_id)) for _ in range(2)]
    await set_back(database, -60)
    after_a_minute = [await admit(database, session_of(tenant_id)) for _ in range(11)]

    assert [one.verdict for one in refused] == [Verdict.RATE] * 2
    assert all(0 < one.reset_s <= 60 for one in refused)
    assert [one.verdict for one in after_a_minute] == [Verdict.ADMITTED] * 10 + [Verdict.RATE]


@pytest.mark.parametrize(
    ("seconds", "verdict"), [(30, Verdict.PLACES), (90, Verdict.ADMITTED), (3600, Verdict.ADMITTED)]
)
async def test_a_clock_that_is_set_back_lets_no_unjoined_session_hold_its_place(
    database: Database, seconds: int, verdict: Verdict
) -> None:
    tenant_id = await new_tenant(database, Plan.FREE)
    await admit(database, session_of(tenant_id))
    await set_back(database, seconds)

    assert (await admit(database, session_of(tenant_id))).verdict is verdict


@pytest.mark.parametrize(("plan", "places"), [(Plan.FREE, 1), (Plan.STARTER, 5), (Plan.PRO, 20)])
async def test_a_plan_has_exactly_its_places(database: Database, plan: Plan, places: int) -> None:
    tenant_id = await new_tenant(database, plan)
    terms = replace(TERMS, creates_per_minute=1000)

    decisions = await asyncio.gather(
        *(admit(database, session_of(tenant_id), terms) for _ in range(30))
    )

    verdicts = Counter(one.verdict for one in decisions)
    assert verdicts == {Verdict.ADMITTED: places, Verdict.PLACES: 30 - places}
    assert await count_sessions(database) == places


@pytest.mark.parametrize(("plan", "places"), [(Plan.FREE, 1), (Plan.STARTER, 5), (Plan.PRO, 20)])
async def test_no_more_callers_join_than_a_plan_has_places(
    database: Database, plan: Plan, places: int
) -> None:
    tenant_id = await new_tenant(database, plan)
    async with database.connection() as connection:
        made = [await create_session(connection, session_of(tenant_id)) for _ in range(30)]
    await age_sessions(database, 61)

    async def join(session: SessionRecord) -> bool:
        async with database.connection() as connection:
            joined = await SessionRepository(connection).mark_active(session.id, PLACES)
        return joined is not None

    joined = await asyncio.gather(*(join(one) for one in made))

    assert sum(joined) == places


async def test_enterprise_has_no_end_of_places(database: Database) -> None:
    tenant_id = await new_tenant(database, Plan.ENTERPRISE)
    terms = replace(TERMS, creates_per_minute=1000)

    decisions = [await admit(database, session_of(tenant_id), terms) for _ in range(25)]

    assert {one.verdict for one in decisions} == {Verdict.ADMITTED}


async def test_a_created_session_holds_its_place_for_a_minute(database: Database) -> None:
    tenant_id = await new_tenant(database, Plan.FREE)
    await admit(database, session_of(tenant_id))
    early = await admit(database, session_of(tenant_id))
    await age_sessions(database, 61)

    late = await admit(database, session_of(tenant_id))

    assert (early.verdict, late.verdict) == (Verdict.PLACES, Verdict.ADMITTED)


async def test_an_ended_session_gives_its_place_back(database: Database) -> None:
    tenant_id = await new_tenant(database, Plan.FREE)
    first = (await admit(database, session_of(tenant_id))).session
    assert first is not None
    async with database.connection() as connection:
        sessions = SessionRepository(connection)
        assert await sessions.mark_active(first.id, PLACES) is not None
        refused = await admit(database, session_of(tenant_id))
        await sessions.end_session(first.id, EndReason.CALLER_HANGUP)

    again = await admit(database, session_of(tenant_id))

    assert (refused.verdict, again.verdict) == (Verdict.PLACES, Verdict.ADMITTED)


async def test_credits_come_before_places_and_count_as_a_create(database: Database) -> None:
    tenant_id = await new_tenant(database, Plan.FREE, credits=0)

    refused = [await admit(database, session_of(tenant_id)) for _ in range(11)]

    assert [one.verdict for one in refused] == [Verdict.CREDITS] * 10 + [Verdict.RATE]
    assert refused[0].balance == 0
    assert await count_sessions(database) == 0


@pytest.mark.parametrize(
    ("limit", "used", "verdict"),
    [
        (None, 50, Verdict.ADMITTED),
        (0, 0, Verdict.BUDGET),
        (10, "9.999999", Verdict.ADMITTED),
        (10, 10, Verdict.BUDGET),
    ],
)
async def test_a_key_spends_no_more_than_its_budget(
    database: Database, limit: int | None, used: int | str, verdict: Verdict
) -> None:
    tenant_id = await new_tenant(database, Plan.FREE)
    async with database.connection() as connection:
        budget = None if limit is None else Decimal(limit)
        key, _ = await KeyRepository(connection).create(
            NewKey(tenant_id=tenant_id, name="till", budget_limit=budget)
        )
        await connection.execute("UPDATE api_keys SET budget_used = $1", Decimal(used))

    decision = await admit(database, replace(session_of(tenant_id), key_id=key.id))

    assert decision.verdict is verdict


async def test_tenants_do_not_limit_each_other(database: Database) -> None:
    first, second = [await new_tenant(database, Plan.FREE) for _ in range(2)]

    decisions = [await admit(database, session_of(one)) for one in (first, second)]

    assert [one.verdict for one in decisions] == [Verdict.ADMITTED] * 2
