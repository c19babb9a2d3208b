"""What a job does that is told to leave its room, or whose worker cannot reach LiveKit."""

import asyncio
from pathlib import Path

import pytest

from agent.parting import Parting, Way
from agent.signs import Signs
from agent.watches import leave_after, let_go_when_cut_off


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


async def test_a_session_whose_room_lives_is_kept_though_the_worker_cannot_reach_livekit(
    tmp_path: Path,
) -> None:
    parting, cut_off, silent = Parting(lambda: None), Signs(tmp_path).cut_off, asyncio.Event()

    async def is_silent() -> bool:
        return silent.is_set()

    watching = asyncio.create_task(let_go_when_cut_off(cut_off, is_silent, parting))
    cut_off.show()
    await asyncio.sleep(60.0)
    assert parting.way is None

    cut_off.hide()
    await asyncio.sleep(1.0)
    silent.set()
    await asyncio.sleep(60.0)
    assert parting.way is None

    cut_off.show()
    await watching
    assert parting.way is Way.LET_GO
