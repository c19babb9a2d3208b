"""How a tenant's reports follow each other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast
from uuid import uuid4

import pytest

from control_api.request.reports import Reports
from core.setting_groups import ReportSettings
from store.pool import Database
from store.records import TenantId
from tests.virtual_time import START_S, run_virtual

TAKES_S = 0.2


class Nothing:
    """A database in which there is nothing to read."""

    async def execute(self, *_: Any) -> None:
        return None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Nothing"]:
        yield self


async def ends(n: int) -> list[float]:
    """When each of a tenant's reports that are asked for at once is made, from the first asking."""
    settings = ReportSettings(timeout_s=60.0)
    reports, tenant_id = Reports(cast(Database, Nothing()), settings), TenantId(uuid4())
    loop = asyncio.get_running_loop()

    async def make() -> float:
        async with reports.transaction(tenant_id):
            await asyncio.sleep(TAKES_S)
        return loop.time() - START_S

    return await asyncio.gather(*(make() for _ in range(n)))


def test_as_many_as_a_page_shows_follow_each_other_at_once() -> None:
    assert run_virtual(ends(8)) == pytest.approx([TAKES_S * n for n in range(1, 9)])


def test_of_more_each_is_followed_by_a_rest_three_times_as_long() -> None:
    made = run_virtual(ends(11))
    rested = [0.2, 1.0, 1.8, 2.6]
    assert made == pytest.approx([*rested, *(2.6 + TAKES_S * n for n in range(1, 8))])
