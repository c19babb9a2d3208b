import pytest

from benchmarks.report.svg import Axis, axis_over


@pytest.mark.parametrize(
    ("low", "high"), [(0.0, 1.0), (0.0, 437.0), (-220.0, 1340.0), (0.0, 12_000.0), (-3.0, 0.5)]
)
def test_an_axis_has_four_to_nine_round_ticks_within_it(low: float, high: float) -> None:
    ticks = Axis(low, high, 0, 100).ticks()
    assert 4 <= len(ticks) <= 9
    assert low <= ticks[0] <= ticks[-1] <= high


def test_an_axis_may_run_upwards() -> None:
    upwards = Axis(0, 100, 200, 0)
    assert (upwards.at(0), upwards.at(25), upwards.at(100)) == (200, 150, 0)


def test_what_lies_outside_is_drawn_at_the_edge() -> None:
    assert Axis(0, 10, 0, 100).at(11) == 100


def test_an_axis_over_no_values_can_be_drawn() -> None:
    assert len(axis_over([], 0, 100).ticks()) >= 4
