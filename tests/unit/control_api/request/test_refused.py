"""What the log has of those who are refused again and again."""

import asyncio
import logging

import pytest

from control_api.request.refused import Refused
from tests.virtual_time import run_virtual

ASHA = {"tenant_id": "a", "key_id": "k"}
BALA = {"tenant_id": "b"}


def test_a_second_of_refusals_is_one_line_and_one_that_sums_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)

    async def scene() -> list[bool]:
        refused = Refused()
        first = []
        for _ in range(50):
            first.append(refused.is_first(ASHA))
            await asyncio.sleep(0.03)
        await asyncio.sleep(2)
        return first

    first = run_virtual(scene())

    assert first.count(True) == 2
    told = [(one.message, vars(one)["n"], vars(one)["key_id"]) for one in caplog.records]
    assert [one[::2] for one in told] == [("requests.refused", "k")] * 2
    assert sum(n for _, n, _ in told) == 48


def test_who_is_refused_once_in_a_while_has_its_own_line_each_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scene() -> list[bool]:
        refused = Refused()
        first = []
        for asked_by in (ASHA, BALA, ASHA, BALA):
            first.append(refused.is_first(asked_by))
            await asyncio.sleep(0.8)
        await asyncio.sleep(2)
        return first

    assert run_virtual(scene()) == [True] * 4
    assert not caplog.records
