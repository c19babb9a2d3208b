"""Postgres fails: what was said and what it costs is stored all the same."""

import pytest

from benchmarks.chaos.stage import Stage
from tests.chaos.struck import UNHARMED, struck

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_nothing_is_lost_where_every_connection_is_ended(stage: Stage) -> None:
    assert await struck(stage, "postgres-backends") == UNHARMED
