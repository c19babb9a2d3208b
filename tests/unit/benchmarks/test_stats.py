import pytest

from benchmarks.stats import Share, Summary, summarise


def test_percentiles_interpolate_between_samples() -> None:
    summary = summarise([float(value) for value in range(1, 102)])
    assert summary == Summary(n=101, p50=51.0, p95=96.0, p99=100.0, max=101.0)


def test_the_order_of_samples_does_not_matter() -> None:
    assert summarise([300.0, 100.0, 200.0]) == summarise([100.0, 200.0, 300.0])


def test_one_sample_is_every_percentile() -> None:
    summary = summarise([88.04])
    assert summary is not None
    assert summary.p50 == summary.p99 == summary.max == pytest.approx(88.0)


def test_no_samples_give_no_figure_instead_of_zero() -> None:
    assert summarise([]) is None


def test_a_share_of_nothing_has_no_percentage() -> None:
    assert (Share(1, 8).percent, Share(0, 0).percent) == (12.5, None)
    assert str(Share(1, 8)) == "1 of 8 (12.5 %)"
