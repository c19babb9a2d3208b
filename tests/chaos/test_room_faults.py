"""The room's server goes, callers leave: a session ends when it is over, and only then."""

import pytest

from benchmarks.chaos.stage import Stage
from tests.chaos.struck import UNHARMED, struck

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_who_leaves_before_a_word_has_hung_up(stage: Stage) -> None:
    assert await struck(stage, "quick-leave") == UNHARMED


@pytest.mark.long
async def test_who_hangs_up_leaves_the_place_to_the_next_call(stage: Stage) -> None:
    outcome = await struck(stage, "leave")
    assert outcome.losses.ends == (1, 1)
    assert outcome.problems == {}


@pytest.mark.long
async def test_a_conversation_goes_on_after_a_restart_of_livekit(stage: Stage) -> None:
    assert await struck(stage, "livekit-restarted") == UNHARMED
