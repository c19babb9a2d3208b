import os

from benchmarks.chaos.footprint import Footprint, Growth, footprint_of, growth_of


def samples(*rss_mb: float) -> list[Footprint]:
    return [Footprint(float(at), 1, rss, 10, 20) for at, rss in enumerate(rss_mb)]


def test_what_stays_the_same_is_flat() -> None:
    assert all(growth.is_flat for growth in growth_of(samples(*[100.0] * 9)))


def test_what_grows_all_the_time_is_not() -> None:
    growth = {one.measure: one for one in growth_of(samples(*range(100, 190, 10)))}
    assert growth["rss_mb"] == Growth("rss_mb", 110.0, 170.0)
    assert not growth["rss_mb"].is_flat
    assert growth["sockets"].is_flat


def test_one_peak_is_no_growth() -> None:
    assert all(
        one.is_flat for one in growth_of(samples(100, 100, 100, 100, 100, 100, 100, 900, 100))
    )


def test_of_two_samples_nothing_is_told() -> None:
    assert growth_of(samples(100.0, 900.0)) == []


def test_a_living_process_is_measured_and_one_that_is_gone_is_not() -> None:
    held = footprint_of([os.getpid(), 2**22 + 1], 1.0)
    assert held.processes == 1
    assert held.rss_mb > 1
    assert held.descriptors > 0
