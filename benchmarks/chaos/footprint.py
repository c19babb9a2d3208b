"""What processes hold as time passes: memory, sockets, descriptors; and whether it grows."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import psutil

_MEASURES: Final = ("rss_mb", "sockets", "descriptors")
_SLACK: Final = {"rss_mb": 15.0, "sockets": 8.0, "descriptors": 8.0}
"""What may be more at the end: a pool that filled, an allocator that kept."""
_SHARE: Final = 0.1
"""So may this share of what it was."""


@dataclass(frozen=True)
class Footprint:
    """One moment, `at_s` from the beginning: of all the processes together."""

    at_s: float
    processes: int
    rss_mb: float
    sockets: int
    descriptors: int


@dataclass(frozen=True)
class Growth:
    """Medians of the first and the last third."""

    measure: str
    first: float
    last: float

    @property
    def is_flat(self) -> bool:
        """Whether the last is no more than chance above the first."""
        return self.last <= self.first * (1 + _SHARE) + _SLACK[self.measure]


def footprint_of(pids: Iterable[int], at_s: float) -> Footprint:
    """Those that are gone by now hold nothing."""
    count, rss, sockets, descriptors = 0, 0, 0, 0
    for pid in pids:
        try:
            process = psutil.Process(pid)
            with process.oneshot():
                held = process.memory_info().rss, process.num_fds()
            opened = len(process.net_connections("all"))
        except psutil.Error:
            continue
        count, rss, sockets = count + 1, rss + held[0], sockets + opened
        descriptors += held[1]
    return Footprint(round(at_s, 1), count, round(rss / 2**20, 1), sockets, descriptors)


def growth_of(samples: Sequence[Footprint]) -> list[Growth]:
    """Nothing can be told of fewer than three samples."""
    third = len(samples) // 3
    if not third:
        return []
    first, last = samples[:third], samples[-third:]
    return [
        Growth(
            measure,
            statistics.median(getattr(one, measure) for one in first),
            statistics.median(getattr(one, measure) for one in last),
        )
        for measure in _MEASURES
    ]
