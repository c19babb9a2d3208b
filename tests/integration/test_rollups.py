"""Latencies of long spans, from what is rolled up, beside those of the turns themselves."""

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import uuid4

import pytest

from control_api.watch.roller import Roller
from core.rights import Plan
from store.latencies import LatencyRepository
from store.pages import Part
from store.pool import Database
from store.records import NewSession, SessionId, TenantId
from store.rollups import RollupRepository
from store.summaries import SummaryRepository, UsageSummary
from store.tenants import TenantRepository
from store.usage import Grouping, LatencyGroup, Stage, TurnFilter, UsageRepository
from tests.integration.rows import create_session

# 05:30 of Indian time is midnight: hours and days are UTC's.
NOW: Final = datetime.now(UTC)
TODAY: Final = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
ADD: Final = """
INSERT INTO turns (id, session_id, turn_index, user_transcript, agent_response, interrupted,
                   first_audio_ms, stt_ms, llm_model, language, caller_audio_s, agent_audio_s,
                   created_at)
SELECT gen_random_uuid(), $1, n, '', '', false, ms, NULL, $3, $4, 0, 0, $5
FROM unnest($2::integer[]) WITH ORDINALITY AS t (ms, n)"""


async def new_tenant(database: Database) -> TenantId:
    async with database.connection() as connection:
        return (await TenantRepository(connection).add("Asha's shop", Plan.FREE)).id


async def held(
    database: Database, tenant_id: TenantId, at: datetime, *took_ms: int, **own: str
) -> None:
    """A session with a turn for each `first_audio_ms`, all at the same moment."""
    new = NewSession(
        id=SessionId(uuid4()),
        tenant_id=tenant_id,
        config={"voice": own.get("voice", "shubh")},
        room_name=f"voice-{uuid4().hex}",
    )
    model, language = own.get("llm_model", "kimi-k2.5"), own.get("language")
    async with database.transaction() as connection:
        await create_session(connection, new)
        await connection.execute(
            "UPDATE sessions SET created_at = $2 WHERE id = $1", new.id, at - timedelta(minutes=5)
        )
        await connection.execute(ADD, new.id, list(took_ms), model, language, at)


async def filled(database: Database) -> TenantId:
    """Ten days of turns of two models and voices, at every edge that hours and days have."""
    tenant_id, chance = await new_tenant(database), random.Random(7)
    for n in range(60):
        at = TODAY - timedelta(days=10) + timedelta(hours=4 * n, microseconds=-(n % 2))
        took_ms = [round(chance.lognormvariate(6.5, 0.6)) for _ in range(20)]
        own = {"llm_model": f"model-{n % 2}", "voice": f"voice-{n % 3}"}
        await held(database, tenant_id, at, *took_ms, **own, language="en-IN")
    await held(database, tenant_id, NOW - timedelta(seconds=1), 0, 1, 40_000)
    return tenant_id


async def rolled(
    database: Database, tenant_id: TenantId, turns: TurnFilter, grouping: Grouping
) -> list[LatencyGroup]:
    async with database.connection() as connection:
        latencies = LatencyRepository(connection)
        listed = await latencies.latency(tenant_id, turns, grouping, Part(10_000))
    assert listed.total.n == len(listed.rows)
    return list(listed.rows)


async def exact(
    database: Database, tenant_id: TenantId, turns: TurnFilter, grouping: Grouping
) -> list[LatencyGroup]:
    async with database.connection() as connection:
        return await UsageRepository(connection).latency(tenant_id, turns, grouping)


async def run(database: Database, statement: str, *arguments: object) -> Any:
    async with database.connection() as connection:
        return await connection.fetchval(statement, *arguments)


def close(found: list[LatencyGroup], wanted: list[LatencyGroup]) -> None:
    """The same groups and counts, percentiles within a hundredth and the rounding."""
    assert [one.name for one in found] == [one.name for one in wanted]
    for one, other in zip(found, wanted, strict=True):
        for stage in Stage:
            have, want = one.stages[stage], other.stages[stage]
            assert have.n == want.n
            for name in ("p50", "p95", "p99"):
                a, b = getattr(have, name), getattr(want, name)
                assert (a is None) == (b is None)
                assert a is None or abs(a - b) <= 0.01 * b + 0.5


SPAN = TurnFilter(TODAY - timedelta(days=11), NOW)
FILTERS = [
    SPAN,
    replace(SPAN, llm_model="model-1"),
    replace(SPAN, voice="voice-2", language="en-IN"),
    replace(SPAN, llm_model="nobody's"),
    replace(SPAN, since=TODAY - timedelta(days=8, hours=3, minutes=20, microseconds=1)),
    replace(SPAN, until=TODAY - timedelta(days=2, hours=7, minutes=20)),
    TurnFilter(TODAY - timedelta(hours=20), TODAY + timedelta(hours=7)),
    TurnFilter(TODAY - timedelta(days=5, hours=12), TODAY - timedelta(days=4, hours=11)),
]


async def test_what_is_rolled_up_reads_as_the_turns_do(database: Database) -> None:
    tenant_id = await filled(database)
    await Roller(database).look()
    assert await run(database, "SELECT count(*) FROM latency_rollups WHERE grain = 'day'") > 0

    for turns in FILTERS:
        for grouping in Grouping:
            wanted = await exact(database, tenant_id, turns, grouping)
            close(await rolled(database, tenant_id, turns, grouping), wanted)


async def test_groups_are_read_page_by_page(database: Database) -> None:
    tenant_id = await filled(database)
    await Roller(database).look()
    whole = await rolled(database, tenant_id, SPAN, Grouping.HOUR)

    found: list[LatencyGroup] = []
    part = Part(25)
    async with database.connection() as connection:
        latencies = LatencyRepository(connection)
        while True:
            listed = await latencies.latency(tenant_id, SPAN, Grouping.HOUR, part)
            assert listed.total.n == len(whole)
            found += listed.rows
            if listed.end is None:
                break
            part = Part(25, after=listed.end)
        beyond = await latencies.latency(tenant_id, SPAN, Grouping.HOUR, Part(25, offset=5000))

    assert found == whole
    assert (beyond.rows, beyond.total.n) == ([], len(whole))


async def charged(database: Database, tenant_id: TenantId, at: datetime, tokens: int) -> None:
    """A charge for the first of the tenant's sessions."""
    await run(
        database,
        "INSERT INTO ledger (id, tenant_id, kind, credits, session_id, service, model, "
        "output_tokens, created_at) SELECT gen_random_uuid(), $1, 'charge', -0.25, id, 'llm', "
        "'kimi-k2.5', $3, $2 FROM sessions WHERE tenant_id = $1 LIMIT 1",
        tenant_id,
        at,
        tokens,
    )


async def summary(database: Database, tenant_id: TenantId) -> UsageSummary:
    async with database.connection() as connection:
        return await SummaryRepository(connection).summary(tenant_id, 20)


async def test_usage_is_the_same_before_and_after_it_is_rolled_up(database: Database) -> None:
    tenant_id, other = await filled(database), await filled(database)
    for hours in (0, 1, 30, 100, 479, 481):
        await charged(database, tenant_id, NOW - timedelta(hours=hours), hours)
    live = await summary(database, tenant_id)
    assert (live.turns, live.credits, live.items[0].output_tokens) == (1203, Decimal("1.25"), 610)

    await Roller(database).look()

    assert await summary(database, tenant_id) == live
    old = TODAY - timedelta(days=1)
    await run(database, "DELETE FROM ledger WHERE created_at < $1", old)
    await run(database, "DELETE FROM turns WHERE created_at < $1", old)
    assert await summary(database, tenant_id) == live
    assert (await summary(database, other)).turns == 1203


async def test_a_charge_that_comes_late_is_counted(database: Database) -> None:
    tenant_id = await filled(database)
    await charged(database, tenant_id, NOW - timedelta(hours=100), 7)
    await Roller(database).look()

    await charged(database, tenant_id, NOW - timedelta(hours=100), 8)
    await charged(database, tenant_id, NOW - timedelta(hours=200), 9)
    await Roller(database).look()

    (item,) = (await summary(database, tenant_id)).items
    assert (item.output_tokens, item.credits) == (24, Decimal("0.75"))


async def test_a_span_of_up_to_a_day_is_exact(database: Database) -> None:
    tenant_id = await filled(database)
    await Roller(database).look()

    day = TurnFilter(TODAY - timedelta(days=1), TODAY)
    found = await rolled(database, tenant_id, day, Grouping.HOUR)

    assert found == await exact(database, tenant_id, day, Grouping.HOUR)


async def test_what_is_over_is_read_from_the_roll_ups_alone(database: Database) -> None:
    tenant_id = await filled(database)
    await Roller(database).look()
    until = replace(SPAN, until=TODAY - timedelta(days=1))
    before = [await rolled(database, tenant_id, until, one) for one in Grouping]

    await run(database, "DELETE FROM turns")

    assert [await rolled(database, tenant_id, until, one) for one in Grouping] == before


async def test_a_turn_that_comes_late_is_counted(database: Database) -> None:
    tenant_id, other = await filled(database), await new_tenant(database)
    await Roller(database).look()

    late = TODAY - timedelta(days=3, minutes=1)
    await held(database, tenant_id, late, 5000, 5000, llm_model="late")
    await held(database, other, late, 70)
    assert await run(database, "SELECT count(*) FROM late_hours") == 2
    await Roller(database).look()

    assert await run(database, "SELECT count(*) FROM late_hours") == 0
    for owner in (tenant_id, other):
        for grouping in Grouping:
            wanted = await exact(database, owner, SPAN, grouping)
            close(await rolled(database, owner, SPAN, grouping), wanted)


async def test_an_hour_waits_for_a_transaction_that_writes_in_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if it were two hours later, but for when the transaction began."""
    await Roller(database).look()
    monkeypatch.setattr("store.rollups.SETTLED_AFTER", timedelta(hours=-2))

    async with database.transaction() as connection:
        began = await connection.fetchval("SELECT now() FROM pg_current_xact_id()")
        await Roller(database).look()
        assert await run(database, "SELECT rolled_until FROM rollup_state") <= began
    await Roller(database).look()

    assert await run(database, "SELECT rolled_until FROM rollup_state") > began


async def test_one_process_rolls_up_while_others_pass(database: Database) -> None:
    tenant_id = await filled(database)
    async with database.transaction() as connection:
        assert await RollupRepository(connection).take_turn()
        await Roller(database).look()
        assert await run(database, "SELECT count(*) FROM latency_rollups") == 0

    await asyncio.gather(*(Roller(database).look() for _ in range(3)))

    wanted = await exact(database, tenant_id, SPAN, Grouping.MODEL)
    close(await rolled(database, tenant_id, SPAN, Grouping.MODEL), wanted)


@pytest.mark.parametrize(
    "ms", [0, 1, 2, 49, 50, 51, 99, 100, 333, 1000, 9999, 10_800_000, 2**31 - 1]
)
async def test_a_bucket_is_right_to_a_hundredth(database: Database, ms: int) -> None:
    found = await run(database, "SELECT latency_of(latency_bucket($1))", ms)

    assert abs(found - ms) <= 0.01 * ms + 0.5
