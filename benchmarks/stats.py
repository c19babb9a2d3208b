"""Figures of a list of samples."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Summary:
    """Milliseconds. Percentiles interpolate between samples; those of few samples say little."""

    n: int
    p50: float
    p95: float
    p99: float
    max: float


def summarise(samples_ms: Sequence[float]) -> Summary | None:
    """None for no samples: there is no figure, not a zero."""
    if not samples_ms:
        return None
    p50, p95, p99 = np.percentile(samples_ms, (50, 95, 99)).round(1).tolist()
    return Summary(len(samples_ms), p50, p95, p99, round(max(samples_ms), 1))


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    def __str__(self) -> str:
        share = "-" if self.of == 0 else f"{100 * self.hits / self.of:.1f} %"
        return f"{self.hits} of {self.of} ({share})"

    @property
    def percent(self) -> float | None:
        """None of nothing."""
        return round(100 * self.hits / self.of, 1) if self.of else None
