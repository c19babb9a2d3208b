"""When a route is asked, when it is left alone, and when an answer counts as late."""

import pytest

from core.errors import (
    ProviderBusy,
    ProviderClosed,
    ProviderDenied,
    ProviderError,
    ProviderRefused,
    ProviderTimeout,
)
from pipeline.route_health import (
    DENIED_WAIT_S,
    GRACE_S,
    LATEST_S,
    LEARNT_S,
    LONGEST_WAIT_S,
    N_KEPT,
    PRIOR_S,
    SOONEST_S,
    TRIAL_S,
    WAIT_S,
    RouteHealth,
)

AT = 1000.0
BROKE = ProviderClosed("host", "broke")


def failed(health: RouteHealth, *errors: ProviderError, at: float = AT) -> RouteHealth:
    for error in errors:
        health = health.failed(error, at)
    return health


def test_three_failures_in_a_row_open_it() -> None:
    twice = failed(RouteHealth(), BROKE, ProviderTimeout("host", "late"))
    assert not twice.is_open(AT)
    assert failed(twice, ProviderBusy("host", "HTTP 503")).is_open(AT)


def test_an_answer_in_between_starts_the_count_anew() -> None:
    health = failed(failed(RouteHealth(), BROKE, BROKE).began(0.5, AT).answered(), BROKE, BROKE)
    assert not health.is_open(AT)


def test_an_answer_that_only_began_does_not() -> None:
    health = failed(failed(RouteHealth(), BROKE, BROKE).began(0.5, AT), BROKE)
    assert health.is_open(AT)


def test_a_request_that_was_refused_for_its_own_sake_counts_for_nothing() -> None:
    assert failed(RouteHealth(), *[ProviderRefused("host", "HTTP 400")] * 9) == RouteHealth()


def test_a_denial_opens_it_at_once_and_for_long() -> None:
    health = failed(RouteHealth(), ProviderDenied("host", "HTTP 401"))
    assert health.is_open(AT + DENIED_WAIT_S - 1)
    assert not health.is_open(AT + DENIED_WAIT_S)


@pytest.mark.parametrize(
    ("asked_s", "wait_s"), [(0.0, WAIT_S), (7.0, 7.0), (9_000.0, LONGEST_WAIT_S)]
)
def test_a_wait_that_is_asked_for_is_kept_within_bounds(asked_s: float, wait_s: float) -> None:
    health = failed(RouteHealth(), ProviderBusy("host", "HTTP 429", wait_s=asked_s))
    assert health.is_open(AT + wait_s - 0.1)
    assert not health.is_open(AT + wait_s)


def test_one_trial_is_made_after_the_wait_and_the_next_when_its_own_time_is_over() -> None:
    health = failed(RouteHealth(), BROKE, BROKE, BROKE)
    at = AT + WAIT_S
    tried = health.tried(at)
    assert not health.is_open(at)
    assert tried.is_open(at)
    assert not tried.is_open(at + TRIAL_S)


def test_a_trial_that_fails_doubles_the_wait_up_to_a_minute() -> None:
    health, at, waits = failed(RouteHealth(), BROKE, BROKE, BROKE), AT, []
    for _ in range(8):
        waits.append(health.open_until - at)
        at = health.open_until
        health = health.tried(at).failed(BROKE, at)
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]


def test_a_trial_that_is_answered_closes_it() -> None:
    health = failed(RouteHealth(), BROKE, BROKE, BROKE)
    health = health.tried(AT + WAIT_S).began(0.4, AT + WAIT_S).answered()
    assert (health.is_open(AT + WAIT_S), health.n_openings, health.n_failures) == (False, 0, 0)


def test_what_was_under_way_when_it_opened_does_not_lengthen_the_wait() -> None:
    health = failed(RouteHealth(), BROKE, BROKE, BROKE)
    assert failed(health, BROKE, BROKE, at=AT + 1) == failed(health, at=AT + 1)


def test_an_answer_is_late_after_nineteen_of_twenty() -> None:
    health = RouteHealth(first_tokens_s=tuple(0.5 + 0.01 * index for index in range(40)))
    assert health.late_after_s == pytest.approx(0.87 + GRACE_S)


def test_without_enough_answers_a_second_is_late() -> None:
    assert RouteHealth(first_tokens_s=(0.1,) * 7).late_after_s == PRIOR_S


@pytest.mark.parametrize(("usual_s", "late_s"), [(0.05, SOONEST_S), (9.0, LATEST_S)])
def test_what_is_late_has_a_floor_and_a_ceiling(usual_s: float, late_s: float) -> None:
    assert RouteHealth(first_tokens_s=(usual_s,) * 20).late_after_s == late_s


def test_the_last_answers_count_alone() -> None:
    health = RouteHealth(first_tokens_s=(3.0,) * N_KEPT)
    for _ in range(N_KEPT):
        health = health.began(0.6, AT)
    assert (len(health.first_tokens_s), health.late_after_s) == (N_KEPT, 0.6 + GRACE_S)


def test_one_that_is_outrun_three_times_is_left_alone() -> None:
    health = RouteHealth(first_tokens_s=(0.5,) * 20)
    assert health.was_outrun(0.3, AT) == health
    for _ in range(3):
        elapsed_s = health.late_after_s + 0.4
        health = health.was_outrun(elapsed_s, AT)
        assert health.first_tokens_s[-1] == elapsed_s
    assert health.is_open(AT)


def test_what_a_host_wants_is_remembered_for_a_while_and_through_its_failures() -> None:
    health = RouteHealth().learnt({"no_tools"}, AT).learnt({"alternates"}, AT + 1)
    health = failed(health, BROKE, BROKE, BROKE).answered()
    assert health.quirks_at(AT + 1) == {"no_tools", "alternates"}
    assert health.quirks_at(AT + 1 + LEARNT_S) == frozenset()
    assert health.learnt({"no_system"}, AT + 1 + LEARNT_S).quirks == {"no_system"}
