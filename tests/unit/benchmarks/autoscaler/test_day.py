"""A simulated day: nobody is served twice or forgotten, whatever happens to the pods."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.autoscaler.__main__ import main, the_day
from benchmarks.autoscaler.day import Day, Outcome, Platform, ZoneLost
from benchmarks.autoscaler.demand import DAY_S, HOUR_S, Arrival, Burst, Demand, arrivals
from benchmarks.autoscaler.scaler import Knobs, Policy, Rules

KNOBS = Knobs(target=5, least=2, most=1000)
SMALL = Demand(60, bursts=(Burst(10.5 * HOUR_S, 60, 20.0),), seed=3)
AT_ONCE = Rules(0.0, (Policy("Percent", 100, 15.0),))
LOST = ZoneLost(zone=1, at_s=11 * HOUR_S, for_s=HOUR_S)


def at(*moments: float, stays_s: float = 100.0) -> Sequence[Arrival]:
    return [Arrival(moment, stays_s) for moment in moments]


def day_of(
    came: Sequence[Arrival],
    knobs: Knobs = KNOBS,
    platform: Platform | None = None,
    lost: ZoneLost | None = None,
) -> Outcome:
    return Day(knobs, platform or Platform(), lost).run(came)


def test_the_same_seed_gives_the_same_day() -> None:
    assert list(arrivals(SMALL)) == list(arrivals(SMALL))


def test_callers_come_in_order_and_within_the_day() -> None:
    moments = [one.at_s for one in arrivals(SMALL)]
    assert moments == sorted(moments)
    assert 0 <= moments[0] < moments[-1] < DAY_S + 60


def test_in_the_busiest_hour_so_many_are_there_at_once_as_was_said() -> None:
    outcome = day_of(list(arrivals(Demand(200))), Knobs(target=4, least=80, most=1000))
    busiest = [one.sessions for one in outcome.minutes if 10 < one.at_s / HOUR_S < 11.5]
    assert 180 < sum(busiest) / len(busiest) < 220


@pytest.mark.parametrize("lost", [None, LOST])
@pytest.mark.parametrize("target", [4, 8])
def test_every_caller_is_served_or_refused(target: float, lost: ZoneLost | None) -> None:
    outcome = day_of(list(arrivals(SMALL)), Knobs(target, least=2, most=1000), lost=lost)
    assert outcome.arrivals == outcome.served + outcome.refused
    assert 0 <= outcome.lost <= outcome.struck
    assert all(one.sessions >= 0 for one in outcome.minutes)
    assert outcome.minutes[-1].pods >= 2


def test_a_full_fleet_refuses_after_a_wait_and_serves_whom_a_place_comes_free_for() -> None:
    one_pod = Knobs(target=8, least=1, most=1)
    platform = Platform(capacity=2, wait_s=2.0)
    outcome = day_of([*at(0, 1, stays_s=100), Arrival(50, 10), Arrival(99, 10)], one_pod, platform)
    assert (outcome.served, outcome.refused) == (3, 1)
    assert outcome.waits_s == [1.0]


def test_pods_come_a_cold_start_after_the_scaler_has_seen_the_callers() -> None:
    platform = Platform(capacity=8, cold_start_s=60.0, scrape_s=15.0)
    outcome = day_of(at(*(float(n) for n in range(8)), stays_s=3000), platform=platform)
    places = {one.at_s: one.places for one in outcome.minutes}
    assert places[60.0] == 16
    full = day_of(at(*(float(n) for n in range(40)), stays_s=3000), platform=platform)
    first = next(one.at_s for one in full.minutes if one.places > 16)
    assert first == 120.0


def test_a_pod_that_is_to_end_hands_its_sessions_over() -> None:
    many = [Arrival(60.0 * n, 3600.0 - 60.0 * n) for n in range(16)]
    few = at(*(2000.0 + 60 * n for n in range(6)), stays_s=9000)
    outcome = day_of([*many, *few], Knobs(target=4, least=1, most=10, down=AT_ONCE))
    assert outcome.served == 22
    assert outcome.moved > 0
    assert (outcome.minutes[70].sessions, outcome.minutes[70].pods) == (6, 2)


def test_a_lost_zone_costs_those_who_find_no_place_elsewhere() -> None:
    came = at(*(n / 10 for n in range(24)), stays_s=4000)
    knobs = Knobs(target=8, least=3, most=3)
    lost = ZoneLost(zone=1, at_s=100, for_s=HOUR_S)
    outcome = day_of(came, knobs, Platform(capacity=8), lost)
    assert (outcome.struck, outcome.lost) == (8, 8)
    roomy = day_of(came, Knobs(target=8, least=6, most=6), Platform(capacity=8), lost)
    assert (roomy.struck, roomy.lost) == (8, 0)


def test_pods_of_a_lost_zone_are_replaced_once_kubernetes_gives_them_up() -> None:
    knobs, lost = Knobs(target=8, least=3, most=3), ZoneLost(zone=1, at_s=100, for_s=9000)
    outcome = day_of(at(1.0), knobs, Platform(evict_s=340.0, cold_start_s=60.0), lost)
    pods = {one.at_s: (one.pods, one.places) for one in outcome.minutes}
    assert pods[180.0] == (2, 16)
    assert pods[480.0] == (3, 16)
    assert pods[540.0] == (3, 24)


def test_the_command_prints_a_row_and_draws_the_day(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    drawn = tmp_path / "day.svg"
    main(["--peak", "40", "--target", "5", "--svg", str(drawn)])
    assert "5 sessions a pod" in capsys.readouterr().out
    assert drawn.read_text().startswith("<svg xmlns")


def test_the_chosen_target_refuses_nobody_on_the_day_that_it_was_chosen_for() -> None:
    outcome = the_day(125, target=5).run()
    assert outcome.refused == 0
