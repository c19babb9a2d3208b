"""A day's callers: when each comes and how long they stay. The same seed gives the same day."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

HOUR_S: Final = 3600.0
DAY_S: Final = 24 * HOUR_S

# Shares of the busiest hour, from midnight on: an office day with a dip at noon.
OFFICE_DAY: Final = (
    *(0.06, 0.04, 0.03, 0.03, 0.04, 0.08, 0.18, 0.36, 0.62, 0.85, 1.00, 0.98),
    *(0.78, 0.80, 0.92, 0.95, 0.90, 0.82, 0.70, 0.58, 0.44, 0.30, 0.18, 0.10),
)


@dataclass(frozen=True)
class Burst:
    """So many callers more than usual, all within a short time."""

    at_s: float
    callers: int
    within_s: float


@dataclass(frozen=True)
class Demand:
    """`peak_sessions` are there at once in the busiest hour. Each lasts `mean_s` on average, by a
    distribution with a long tail (log-normal, `sigma`), and never longer than `longest_s`."""

    peak_sessions: int
    mean_s: float = 240.0
    sigma: float = 0.8
    longest_s: float = 3600.0
    hours: Sequence[float] = OFFICE_DAY
    bursts: Sequence[Burst] = field(default=())
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Arrival:
    """One caller, who talks for `stays_s` once they are served."""

    at_s: float
    stays_s: float


def arrivals(demand: Demand) -> Iterator[Arrival]:
    """The day's callers in the order of their coming: a Poisson process whose rate goes in straight
    lines from the middle of one hour to that of the next, and the bursts."""
    chance = random.Random(demand.seed)
    busiest_per_s = demand.peak_sessions / demand.mean_s
    moments = [
        burst.at_s + chance.uniform(0, burst.within_s)
        for burst in demand.bursts
        for _ in range(burst.callers)
    ]
    at_s = 0.0
    while (at_s := at_s + chance.expovariate(busiest_per_s)) < DAY_S:
        if chance.random() < _share(demand.hours, at_s):
            moments.append(at_s)
    for moment in sorted(moments):
        yield Arrival(moment, _stay_s(chance, demand))


def _share(hours: Sequence[float], at_s: float) -> float:
    position = at_s / HOUR_S - 0.5
    hour = int(position // 1)
    rest = position - hour
    before, after = hours[hour % len(hours)], hours[(hour + 1) % len(hours)]
    return before + rest * (after - before)


def _stay_s(chance: random.Random, demand: Demand) -> float:
    location = demand.sigma**2 / 2
    return min(demand.mean_s * chance.lognormvariate(-location, demand.sigma), demand.longest_s)
