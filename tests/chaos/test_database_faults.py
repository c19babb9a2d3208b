"""Postgres fails: what was said and what it costs is stored all the same."""

import pytest

from benchmarks.chaos.stage import Stage
from tests.chaos.struck import UNHARMED, struck

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_nothing_is_lost_where_every_connection_is_ended(stage: Stage) -> None:
    assert await struck(stage, "postgres-backends") == UNHARMED


@pytest.mark.long
async def test_nothing_is_lost_where_postgres_takes_nothing(stage: Stage) -> None:
    assert await struck(stage, "postgres-read-only") == UNHARMED


@pytest.mark.long
async def test_nobody_notices_that_a_worker_is_cut_off_from_postgres(stage: Stage) -> None:
    assert await struck(stage, "worker-without-postgres") == UNHARMED


@pytest.mark.long
async def test_four_conversations_lose_nothing_where_postgres_is_away_for_a_minute(
    stage: Stage,
) -> None:
    outcome = await struck(stage, "postgres-away")
    assert outcome.losses.ends == (1, 1, 1, 1)
    lost = (outcome.losses.turns_lost, outcome.losses.words_lost, outcome.losses.left_active)
    assert (lost, outcome.problems) == ((0, 0, 0), {})
