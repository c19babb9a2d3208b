"""Routes in the order of their speed, where a model's entry allows it."""

import pytest

from core.errors import ProviderClosed
from pipeline.route_board import OwnBoard
from pipeline.route_health import N_RECENT, N_TO_COMPARE, TRIAL_S, TRY_EVERY_S
from pipeline.route_order import MARGIN_S, by_speed, due, is_same_model
from tests.unit.pipeline.fake_upstream import HANGS, FakeUpstream, begin, hosts

AT = 10_000.0


def measured(
    upstreams: list[FakeUpstream], *usual_s: float | None, at: float = AT, n: int = N_RECENT
) -> OwnBoard:
    """A board that knows how soon each one's answers begin."""
    board = OwnBoard()
    for upstream, first_token_s in zip(upstreams, usual_s, strict=True):
        if first_token_s is not None:
            begin(board, upstream.route, first_token_s, at, n)
    return board


def names(upstreams: list[FakeUpstream]) -> str:
    """The hosts by their first letters."""
    return "".join(one.route.upstream[0] for one in upstreams)


@pytest.mark.parametrize(
    ("usual_s", "order"),
    [
        ((0.7, 0.4, 0.5), "cmo"),
        ((0.4, 0.5, 0.7), "ocm"),
        ((0.7, None, 0.4), "mco"),
        ((None, 0.7, 0.4), "omc"),
        ((None, None, None), "ocm"),
        ((0.4 + 0.9 * MARGIN_S, 0.4, 0.9), "ocm"),
    ],
)
def test_who_answers_sooner_by_far_is_asked_first(
    usual_s: tuple[float | None, ...], order: str
) -> None:
    three = hosts(HANGS, HANGS, HANGS)
    assert names(by_speed(three, measured(three, *usual_s))) == order


def test_few_answers_change_nothing() -> None:
    two = hosts(HANGS, HANGS)
    assert names(by_speed(two, measured(two, 0.9, 0.1, n=N_TO_COMPARE - 1))) == "oc"


def test_another_model_is_not_preferred_for_its_speed() -> None:
    three = hosts(HANGS, HANGS, HANGS, other_model=2)
    assert names(by_speed(three, measured(three, 0.9, 0.5, 0.1))) == "com"


@pytest.mark.parametrize("name", ["moonshotai/kimi-k2.5", "https://host/models/Kimi-K2_5"])
def test_hosts_write_one_model_in_several_ways(name: str) -> None:
    assert is_same_model(FakeUpstream(name, HANGS).route, FakeUpstream("kimi-k2.5", HANGS).route)


def test_the_route_that_was_measured_longest_ago_is_due() -> None:
    three = hosts(HANGS, HANGS, HANGS)
    board = measured(three, 0.4, 0.6, None)
    assert due(three, board, AT + 1) is three[2]
    board.note(three[2].route, lambda health: health.on_trial(AT + 1))
    assert due(three, board, AT + 2) is None, "another asks it just now"
    assert due(three, board, AT + 1 + TRIAL_S) is three[2], "who asked it may be gone"
    board.note(three[2].route, lambda health: health.began(0.5, AT + 20))
    assert due(three, board, AT + TRY_EVERY_S) is three[1]


def test_nothing_is_due_before_the_first_is_measured() -> None:
    two = hosts(HANGS, HANGS)
    assert due(two, OwnBoard(), AT) is None


def test_a_route_that_failed_is_not_tried_as_soon_as_it_may_be_asked() -> None:
    two = hosts(HANGS, HANGS)
    board = measured(two, 0.4, 0.6)
    broke = ProviderClosed("host", "broke")
    for _ in range(3):
        board.note(two[1].route, lambda health: health.failed(broke, AT + TRY_EVERY_S))
    assert due(two, board, AT + TRY_EVERY_S + 60) is None
    assert due(two, board, AT + 3 * TRY_EVERY_S) is two[1]
