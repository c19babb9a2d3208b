"""The share of turns that took at most so long: one line a system, p50 and p95 marked."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from benchmarks.report.svg import (
    WIDTH,
    Axis,
    axis_over,
    bottom_axis,
    dot,
    drawing,
    left_axis,
    legend,
    path,
)

_LEFT: Final = 48
_TOP: Final = 44
_BOTTOM: Final = 196
_HEIGHT: Final = 236


def distribution(metric: str, samples_ms: Mapping[str, Sequence[float]]) -> str:
    """`samples_ms` by system; those without samples are left out."""
    measured = {name: sorted(values) for name, values in samples_ms.items() if values}
    every = [value for values in measured.values() for value in values]
    x = axis_over(every, _LEFT, WIDTH - 16)
    y = Axis(0, 100, _BOTTOM, _TOP)
    parts = [bottom_axis(x, _TOP, _BOTTOM, "ms"), left_axis(y, _LEFT, WIDTH - 16, "% of turns")]
    for index, (name, values) in enumerate(measured.items()):
        parts.append(path(_steps(values, x, y), f"line s{index}"))
        parts += [_mark(name, values, percent, index, (x, y)) for percent in (50, 95)]
    counts = [f"{name} (n {len(values)})" for name, values in measured.items()]
    keys = [(words, f"s{index}") for index, words in enumerate(counts)]
    parts.append(legend(keys, 14, _LEFT + 80))
    return drawing(_HEIGHT, parts, title=f"distribution of {metric}")


def _steps(values: Sequence[float], x: Axis, y: Axis) -> list[tuple[float, float]]:
    points = [(x.at(min(x.low, values[0])), y.at(0))]
    for count, value in enumerate(values, start=1):
        points += [(x.at(value), points[-1][1]), (x.at(value), y.at(100 * count / len(values)))]
    return [*points, (x.at(x.high), y.at(100))]


def _mark(
    name: str, values: Sequence[float], percent: int, index: int, axes: tuple[Axis, Axis]
) -> str:
    value = float(np.percentile(values, percent))
    x, y = axes
    tip = f"{name} p{percent}: {value:.0f} ms"
    return dot(x.at(value), y.at(percent), 4, f"mark s{index}", tip)
