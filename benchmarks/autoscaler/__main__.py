"""`python -m benchmarks.autoscaler`: an office day of callers, with a burst in the busiest hour and
a zone lost in the afternoon, against one choice of the knobs or several beside one another."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks.autoscaler.day import Day, Outcome, Platform, ZoneLost
from benchmarks.autoscaler.demand import HOUR_S, Burst, Demand, arrivals
from benchmarks.autoscaler.picture import picture
from benchmarks.autoscaler.scaler import Knobs, Policy, Rules

BURST_AT_S: Final = 10.5 * HOUR_S
NIGHT_BURST_AT_S: Final = 3.5 * HOUR_S
BURST_WITHIN_S: Final = 60.0
ZONE_LOST: Final = ZoneLost(zone=1, at_s=15 * HOUR_S, for_s=HOUR_S)
NODES_READY_S, NODES_BOUGHT_S = 60.0, 180.0
EVICTED_SOON_S: Final = 70.0
HEADINGS: Final = (
    *("knobs", "refused", "of all", "waited, longest", "cut off, of struck"),
    *("moved", "pod-hours", "sessions a pod"),
)
KUBERNETES_DOWN: Final = Rules(300.0, (Policy("Percent", 100, 15.0),))


@dataclass(frozen=True)
class Case:
    """One row: what is other than in the first."""

    name: str
    demand: Demand
    knobs: Knobs
    platform: Platform
    zone_lost: ZoneLost | None = ZONE_LOST

    def run(self) -> Outcome:
        """The day."""
        day = Day(self.knobs, self.platform, self.zone_lost)
        return day.run(arrivals(self.demand))


def the_day(peak: int, *, target: float, burst: float = 0.2) -> Case:
    """As the chart is set; `burst` is a share of the peak."""
    bursts = (Burst(BURST_AT_S, round(burst * peak), BURST_WITHIN_S),)
    knobs = Knobs(target, least=max(2, peak // 125), most=10_000)
    platform = Platform(cold_start_s=NODES_READY_S)
    return Case(f"{target:g} sessions a pod", Demand(peak, bursts=bursts), knobs, platform)


def cases(peak: int) -> Sequence[Case]:
    """Each knob by itself."""
    first = the_day(peak, target=5)
    half = the_day(peak, target=5, burst=0.5)
    night = (Burst(NIGHT_BURST_AT_S, peak // 10, BURST_WITHIN_S),)
    woken = replace(
        first,
        name=f"5, a tenth of the peak at night, {first.knobs.least} pods at least",
        demand=replace(first.demand, bursts=night),
        zone_lost=None,
    )
    n_ready = 2 * first.knobs.least
    bought = Platform(cold_start_s=NODES_BOUGHT_S)
    return (
        first,
        *(the_day(peak, target=target) for target in (4, 6, 7)),
        replace(first, name="5, pods wait for nodes", platform=bought),
        replace(half, name="5, a burst of half the peak"),
        replace(half, name="5, the same, pods wait for nodes", platform=bought),
        replace(
            the_day(peak, target=6),
            name="6, pods of a lost zone replaced after 70 s",
            platform=Platform(cold_start_s=NODES_READY_S, evict_s=EVICTED_SOON_S),
        ),
        replace(
            first,
            name="5, Kubernetes' own way down",
            knobs=replace(first.knobs, down=KUBERNETES_DOWN),
        ),
        woken,
        replace(
            woken,
            name=f"5, the same, {n_ready} pods at least",
            knobs=replace(woken.knobs, least=n_ready),
        ),
    )


def row(name: str, outcome: Outcome) -> str:
    """One line of the table: what was refused, who waited for how long and was served, the sessions
    of the lost zone that found no place in time, those that ending pods handed over."""
    longest_s = max(outcome.waits_s, default=0.0)
    cells = (
        name,
        f"{outcome.refused:,}",
        f"{outcome.refused / outcome.arrivals:.2%}",
        f"{len(outcome.waits_s):,}, {longest_s:.1f} s" if outcome.waits_s else "0",
        f"{outcome.lost:,} of {outcome.struck:,}",
        f"{outcome.moved:,}",
        f"{outcome.pod_hours:,.0f}",
        f"{outcome.use:.2f}",
    )
    return f"| {' | '.join(cells)} |"


def main(argv: list[str] | None = None) -> None:
    """Print the table, draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peak", type=int, default=1000, help="sessions at once, busiest hour")
    parser.add_argument("--target", type=float, help="sessions a pod; without it several knobs")
    parser.add_argument("--svg", type=Path, metavar="OUT.svg", help="of the first row")
    options = parser.parse_args(argv)
    chosen = cases(options.peak)
    if options.target is not None:
        chosen = [the_day(options.peak, target=options.target)]
    print(f"| {' | '.join(HEADINGS)} |")
    print(f"|{len(HEADINGS) * ' --- |'}")
    for index, case in enumerate(chosen):
        outcome = case.run()
        print(row(case.name, outcome), flush=True)
        if index == 0 and options.svg is not None:
            title = f"A day of {outcome.arrivals:,} callers, {case.name}"
            options.svg.write_text(picture(outcome, title), encoding="utf-8")


if __name__ == "__main__":
    main()
