"""What is due for a session whose lease ran out."""

import math
from dataclasses import replace
from uuid import uuid4

import pytest

from control_api.watch.succession import (
    ALIVE_S,
    DESERTED_S,
    END_COMES_S,
    SignsOfLife,
    Verdict,
    judge,
)
from store.holds import MAX_RECOVERIES, LapsedHold
from store.records import SessionId, SessionStatus

SESSION = SessionId(uuid4())
LAPSED = LapsedHold(SESSION, "voice-1", SessionStatus.ACTIVE, 1, 0, 0, lapsed_s=0.1)
GIVE_UP_S = 15.0


def verdict(
    hold: LapsedHold, *, dead_for_s: float = math.inf, is_caller_here: bool = True
) -> Verdict:
    return judge(
        hold,
        dead_for_s=dead_for_s,
        is_caller_here=is_caller_here,
        give_up_after_s=GIVE_UP_S,
    )


def test_a_caller_without_an_agent_gets_another_one_at_once() -> None:
    assert verdict(LAPSED) is Verdict.SEND_AGENT


def test_a_caller_whom_no_worker_takes_is_let_go() -> None:
    assert verdict(replace(LAPSED, lapsed_s=GIVE_UP_S)) is Verdict.END


def test_a_session_that_lost_too_many_workers_is_ended() -> None:
    assert verdict(replace(LAPSED, recoveries=MAX_RECOVERIES)) is Verdict.END


def test_a_room_that_all_have_left_is_given_a_moment_to_fill_again() -> None:
    assert verdict(LAPSED, is_caller_here=False) is Verdict.WAIT
    late = replace(LAPSED, lapsed_s=DESERTED_S)
    assert verdict(late, is_caller_here=False) is Verdict.END


def test_a_session_that_never_began_waits_for_its_caller() -> None:
    created = replace(LAPSED, status=SessionStatus.CREATED, lapsed_s=60.0)
    assert verdict(created, is_caller_here=False) is Verdict.WAIT


def test_an_agent_that_lacks_the_database_alone_is_left_alone() -> None:
    late = replace(LAPSED, lapsed_s=60.0, recoveries=MAX_RECOVERIES)
    assert verdict(late, dead_for_s=0.0) is Verdict.WAIT
    assert verdict(late, dead_for_s=0.0, is_caller_here=False) is Verdict.WAIT


def test_an_end_that_only_the_agent_knows_of_is_given_time_to_come() -> None:
    late = replace(LAPSED, lapsed_s=60.0)
    assert verdict(late, dead_for_s=1.0, is_caller_here=False) is Verdict.WAIT
    assert verdict(late, dead_for_s=END_COMES_S, is_caller_here=False) is Verdict.END


def test_a_caller_who_waits_does_not_wait_for_a_dead_agents_end() -> None:
    assert verdict(LAPSED, dead_for_s=1.0) is Verdict.SEND_AGENT


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_an_agent_whose_sign_changes_lives(clock: Clock) -> None:
    signs = SignsOfLife(clock)
    for beat in range(60):
        clock.now = float(beat)
        assert signs.dead_for_s(SESSION, str(beat + 1)) == 0


def test_an_agent_without_a_sign_is_gone(clock: Clock) -> None:
    assert SignsOfLife(clock).dead_for_s(SESSION, "") == math.inf


def test_a_sign_that_stands_still_is_a_dead_ones(clock: Clock) -> None:
    signs = SignsOfLife(clock)
    for now, dead_for_s in ((0.0, 0.0), (ALIVE_S - 0.1, 0.0), (ALIVE_S, 0.1), (60.0, 57.6)):
        clock.now = now
        assert signs.dead_for_s(SESSION, "7") == pytest.approx(dead_for_s)


def test_an_agent_that_left_lived_until_then(clock: Clock) -> None:
    signs = SignsOfLife(clock)
    signs.dead_for_s(SESSION, "7")
    for now in (1.0, 30.0):
        clock.now = now
        assert signs.dead_for_s(SESSION, "") == now


def test_a_lease_that_was_good_in_between_starts_over(clock: Clock) -> None:
    signs = SignsOfLife(clock)
    signs.dead_for_s(SESSION, "7")
    clock.now = 100.0
    signs.forget_all_but(set())
    assert signs.dead_for_s(SESSION, "7") == 0
