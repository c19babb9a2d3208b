"""Workers die, freeze and leave: the conversation goes on, nobody speaks twice, each ends once."""

import pytest

from benchmarks.chaos.stage import Stage
from tests.chaos.struck import UNHARMED, struck

pytestmark = pytest.mark.asyncio(loop_scope="session")

SPEAKING, UNANSWERED, IDLE = range(3)


async def test_a_conversation_goes_on_whose_worker_was_killed_while_its_agent_spoke(
    stage: Stage,
) -> None:
    assert await struck(stage, "worker-tree", number=SPEAKING) == UNHARMED


async def test_a_question_is_answered_whose_job_was_killed(stage: Stage) -> None:
    assert await struck(stage, "worker-job", number=UNANSWERED) == UNHARMED


@pytest.mark.long
@pytest.mark.parametrize("moment", [UNANSWERED, IDLE])
async def test_a_killed_workers_conversation_goes_on_at_any_moment(
    moment: int, stage: Stage
) -> None:
    assert await struck(stage, "worker-tree", number=moment) == UNHARMED


@pytest.mark.long
async def test_a_question_is_answered_whose_worker_lost_its_parent_process(stage: Stage) -> None:
    assert await struck(stage, "worker-parent", number=UNANSWERED) == UNHARMED


@pytest.mark.long
async def test_an_answer_is_spoken_to_its_end_whose_worker_lost_its_parent_process(
    stage: Stage,
) -> None:
    assert await struck(stage, "worker-parent", number=SPEAKING) == UNHARMED


@pytest.mark.long
@pytest.mark.parametrize("moment", [SPEAKING, UNANSWERED, IDLE])
async def test_a_worker_that_stood_still_and_wakes_is_not_heard(moment: int, stage: Stage) -> None:
    assert await struck(stage, "worker-stopped", number=moment) == UNHARMED


@pytest.mark.long
async def test_a_worker_that_is_told_to_stop_passes_its_session_on(stage: Stage) -> None:
    assert await struck(stage, "drain") == UNHARMED
