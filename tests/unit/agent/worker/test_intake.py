"""What waits for a process, and what comes twice."""

from uuid import UUID

import pytest

from agent.worker.intake import Intake
from store.records import SessionId
from store.summons import Summons

ASHA, RAVI = (Summons(SessionId(UUID(int=n))) for n in (1, 2))
ASHA_NEXT = Summons(ASHA.session_id, 1, predecessor="AJ_1")


@pytest.mark.parametrize(
    ("job_id", "summons", "is_doubled"),
    [("b", ASHA, True), ("a", ASHA, False), ("b", ASHA_NEXT, False), ("b", RAVI, False)],
)
def test_a_seat_for_which_a_job_waits_needs_no_other(
    job_id: str, summons: Summons, is_doubled: bool
) -> None:
    intake = Intake()
    with intake.asking("a", ASHA):
        intake.assigned("a")
        assert intake.has_another(job_id, summons) is is_doubled

    assert not intake.has_another(job_id, summons)


def test_a_job_that_livekit_may_never_assign_keeps_no_other_away() -> None:
    intake = Intake()
    with intake.asking("a", ASHA):
        assert ("a" in intake, intake.has_another("b", ASHA), intake.waiting) == (True, False, {})

    intake.assigned("a")
    assert ("a" in intake, intake.waiting) == (False, {})


def test_a_job_that_is_offered_anew_is_asked_about_until_it_is_launched() -> None:
    intake = Intake()
    with intake.asking("a", ASHA):
        with intake.asking("a", ASHA):
            intake.assigned("a")
        assert intake.waiting == {}
