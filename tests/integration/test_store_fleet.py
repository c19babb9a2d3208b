"""Admission to a fleet of workers, in a real Postgres: as many sessions as there are places."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final
from uuid import uuid4

import pytest

from core.catalog import Catalog
from core.rights import Plan
from store.admission import AdmissionRepository, Fleet, Terms, Verdict
from store.pool import Database
from store.records import EndReason, NewSession, SessionId, SessionRecord, TenantId
from store.sessions import SessionRepository
from store.tenants import TenantRepository
from store.workers import WorkerRepository, WorkerSelf

PLACES: Final = Catalog.load().places
FLEET: Final = Fleet("vaarta", hold_s=60.0)
TERMS: Final = Terms(1000, Decimal(1), PLACES, FLEET)
WORKER: Final = WorkerSelf(uuid4(), "host", 7, "vaarta", active=0, capacity=3)
ADMITTED, FULL, NO_WORKER = Verdict.ADMITTED, Verdict.FLEET, Verdict.NO_WORKER


async def new_tenant(database: Database) -> TenantId:
    async with database.connection() as connection:
        added = await TenantRepository(connection).add("Shop", Plan.ENTERPRISE, Decimal(100))
    return added.id


async def show(
    database: Database, worker: WorkerSelf = WORKER, sessions: Sequence[SessionRecord] = ()
) -> None:
    told = replace(worker, active=len(sessions))
    async with database.connection() as connection:
        await WorkerRepository(connection).show(told, [one.id for one in sessions])


async def ask(
    database: Database, tenant_id: TenantId | None = None, terms: Terms = TERMS
) -> tuple[Verdict, SessionRecord | None]:
    tenant_id = tenant_id or await new_tenant(database)
    new = NewSession(SessionId(uuid4()), tenant_id, {}, f"voice-{uuid4().hex}")
    async with database.connection() as connection:
        decision = await AdmissionRepository(connection).create(new, terms)
    return decision.verdict, decision.session


async def verdicts(database: Database, n: int, terms: Terms = TERMS) -> list[Verdict]:
    return [(await ask(database, terms=terms))[0] for _ in range(n)]


async def active(database: Database, n: int) -> list[SessionRecord]:
    made = [(await ask(database))[1] for _ in range(n)]
    async with database.connection() as connection:
        begun = [
            await SessionRepository(connection).mark_active(one.id, PLACES) for one in made if one
        ]
    sessions = [one for one in begun if one is not None]
    assert len(sessions) == n
    return sessions


async def end(database: Database, session: SessionRecord) -> None:
    async with database.connection() as connection:
        await SessionRepository(connection).end_session(session.id, EndReason.CALLER_HANGUP)


async def execute(database: Database, statement: str) -> None:
    async with database.connection() as connection:
        await connection.execute(statement)


async def test_exactly_as_many_of_fifty_at_once_are_admitted_as_the_fleet_has_places(
    database: Database,
) -> None:
    await show(database, replace(WORKER, capacity=12))
    await show(database, replace(WORKER, id=uuid4(), capacity=8))
    tenants = [await new_tenant(database) for _ in range(5)]

    answers = await asyncio.gather(*(ask(database, one) for one in tenants for _ in range(10)))

    assert Counter(verdict for verdict, _ in answers) == {ADMITTED: 20, FULL: 30}
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM sessions") == 20
        assert await connection.fetchval("SELECT count(*) FROM webhook_deliveries") == 0


async def test_while_no_worker_ever_told_of_itself_there_is_no_limit(database: Database) -> None:
    assert await verdicts(database, 3) == [ADMITTED] * 3


@pytest.mark.parametrize(
    "gone",
    [
        "UPDATE workers SET seen_at = now() - interval '16 seconds'",
        "UPDATE workers SET is_draining = true",
    ],
)
async def test_workers_that_told_and_take_none_now_are_no_reason_to_wait_in_silence(
    database: Database, gone: str
) -> None:
    await show(database)
    await execute(database, gone)

    assert await verdicts(database, 1) == [NO_WORKER]


async def test_who_took_leave_is_as_if_it_had_never_been_there(database: Database) -> None:
    await show(database)
    async with database.connection() as connection:
        await WorkerRepository(connection).forget(WORKER.id)

    assert await verdicts(database, 1) == [ADMITTED]


async def test_workers_of_another_name_take_none_of_these_sessions(database: Database) -> None:
    await show(database, replace(WORKER, capacity=1))
    await show(database, replace(WORKER, id=uuid4(), agent_name="other", capacity=100))

    assert await verdicts(database, 2) == [ADMITTED, FULL]


async def test_a_session_and_its_job_take_one_place(database: Database) -> None:
    await show(database)
    sessions = await active(database, 2)
    await show(database, sessions=sessions)

    assert await verdicts(database, 2) == [ADMITTED, FULL]


async def test_a_place_is_free_once_session_and_job_are_over(database: Database) -> None:
    await show(database)
    sessions = await active(database, 3)
    await show(database, sessions=sessions)

    await end(database, sessions[0])
    while_its_job_ends = await verdicts(database, 1)
    await show(database, sessions=sessions[1:])

    assert (while_its_job_ends, await verdicts(database, 2)) == ([FULL], [ADMITTED, FULL])


async def test_a_created_session_holds_its_place_for_a_bounded_time(database: Database) -> None:
    await show(database)
    assert await verdicts(database, 4) == [ADMITTED] * 3 + [FULL]

    await execute(database, "UPDATE sessions SET created_at = created_at - interval '61 seconds'")

    assert await verdicts(database, 4) == [ADMITTED] * 3 + [FULL]


async def test_sessions_that_will_be_handed_over_have_their_places_elsewhere(
    database: Database,
) -> None:
    await show(database)
    sessions = await active(database, 2)
    await show(database, replace(WORKER, is_draining=True), sessions)
    await show(database, replace(WORKER, id=uuid4()))

    assert await verdicts(database, 2) == [ADMITTED, FULL]


async def test_sessions_of_a_worker_that_died_have_their_places_elsewhere(
    database: Database,
) -> None:
    await show(database)
    sessions = await active(database, 2)
    await show(database, sessions=sessions)
    await execute(database, "UPDATE workers SET seen_at = now() - interval '16 seconds'")
    other = replace(WORKER, id=uuid4())
    await show(database, other)
    before = await verdicts(database, 2)

    await show(database, other, sessions)

    assert (before, await verdicts(database, 1)) == ([ADMITTED, FULL], [FULL])


async def test_a_worker_that_tells_no_sessions_yet_counts_by_what_the_database_has(
    database: Database,
) -> None:
    await show(database)
    sessions = await active(database, 2)
    async with database.connection() as connection:
        await WorkerRepository(connection).show(replace(WORKER, active=len(sessions)))

    assert await verdicts(database, 2) == [ADMITTED, FULL]


@pytest.mark.parametrize("service", [Verdict.STT, Verdict.TTS])
async def test_no_more_calls_are_taken_than_the_speech_service_bears(
    database: Database, service: Verdict
) -> None:
    limited = replace(TERMS, fleet=replace(FLEET, calls={"stt-ws": 9, "tts-ws": 9, service: 2}))
    without_workers = await verdicts(database, 3, limited)
    await show(database)

    with_places = await verdicts(database, 1, limited)

    assert (without_workers, with_places) == ([ADMITTED, ADMITTED, service], [service])


async def test_a_call_that_is_being_handed_over_has_the_sockets_of_two_jobs(
    database: Database,
) -> None:
    await show(database, replace(WORKER, capacity=9))
    sessions = await active(database, 1)
    await show(database, replace(WORKER, id=uuid4(), capacity=9), sessions)
    limited = replace(TERMS, fleet=replace(FLEET, calls={"stt-ws": 3}))
    before = await verdicts(database, 1, limited)
    await show(database, replace(WORKER, is_draining=True), sessions)

    assert (before, await verdicts(database, 1, limited)) == ([ADMITTED], [Verdict.STT])


async def test_a_create_that_is_asked_for_again_counts_once(database: Database) -> None:
    await show(database, replace(WORKER, capacity=0))
    tenant_id = await new_tenant(database)
    terms = replace(TERMS, creates_per_minute=1)
    new = NewSession(SessionId(uuid4()), tenant_id, {}, f"voice-{uuid4().hex}")
    async with database.connection() as connection:
        admission = AdmissionRepository(connection)
        first = await admission.create(new, terms)
        again = [await admission.create(new, terms, has_counted=True) for _ in range(2)]
        await show(database)
        made = await admission.create(new, terms, has_counted=True)

    assert [one.verdict for one in (first, *again)] == [NO_WORKER] * 3
    assert (made.verdict, made.n_recent) == (ADMITTED, 1)


async def test_what_concerns_the_tenant_is_told_before_what_concerns_the_fleet(
    database: Database,
) -> None:
    await show(database, replace(WORKER, capacity=0))
    terms = replace(TERMS, creates_per_minute=1)
    tenant_id = await new_tenant(database)

    answers = [(await ask(database, tenant_id, terms))[0] for _ in range(2)]
    poor = await ask(database, terms=replace(TERMS, min_credits=Decimal(1000)))

    assert (answers, poor[0]) == ([NO_WORKER, Verdict.RATE], Verdict.CREDITS)
