"""What a job does that is told to leave its room."""

import pytest

from agent.parting import Parting, Way
from agent.watches import leave_after


async def at_once() -> None:
    """It is told now."""


@pytest.mark.parametrize(("has_ended", "way"), [(True, Way.OVER), (False, Way.LET_GO)])
async def test_who_has_to_leave_a_session_that_is_over_records_it(
    has_ended: bool, way: Way
) -> None:
    left_to_another: list[bool] = []
    parting = Parting(lambda: left_to_another.append(True))

    async def is_over() -> bool:
        return has_ended

    await leave_after(at_once, is_over, parting)

    assert parting.way is way
    assert left_to_another == ([] if has_ended else [True])
