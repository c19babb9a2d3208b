"""False cut-offs against dead air: a line for each series of policies, today's default marked."""

from collections.abc import Sequence
from typing import Final

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
    text,
)
from benchmarks.stats import Share
from benchmarks.sweep.policies import DEFAULT_SERIES, SILENCE_SERIES
from benchmarks.sweep.result import SweepPoint

KINDS: Final = ("cut_offs", "unfinished", "complete")
_LEFT: Final = 48
_TOP: Final = 60
_BOTTOM: Final = 340
_HEIGHT: Final = 380


def curve(points: Sequence[SweepPoint], kind: str = "cut_offs") -> str:
    """`kind`: which share of each point is drawn, one of `KINDS`. What a model that tells would
    bring is no policy of its own line: it stands in the table."""
    x = axis_over([point.mean_dead_air_ms or 0.0 for point in points], _LEFT, WIDTH - 16)
    y = Axis(0, 100, _BOTTOM, _TOP)
    axes = (x, y)
    points = [point for point in points if point.told_rightly is None]
    series = dict.fromkeys(point.series for point in points)
    lines = [name for name in series if not name.startswith(DEFAULT_SERIES)]
    lines.sort(key=lambda name: name == SILENCE_SERIES)
    parts = [
        legend([(name, f"s{index}") for index, name in enumerate(lines)], 14, _LEFT),
        bottom_axis(x, _TOP, _BOTTOM, "mean dead air, ms"),
        left_axis(y, _LEFT, WIDTH - 16, "% of pauses cut off"),
    ]
    for index, name in enumerate(lines):
        line = [point for point in points if point.series == name]
        parts.append(_line(line, kind, f"s{index}", axes))
    today = [point for point in points if point.series.startswith(DEFAULT_SERIES)]
    parts += [_default(point, kind, axes) for point in today]
    return drawing(_HEIGHT, parts, title=f"{kind}: false cut-offs against dead air")


def _line(points: Sequence[SweepPoint], kind: str, style: str, axes: tuple[Axis, Axis]) -> str:
    at = [_at(point, kind, axes) for point in points]
    dots = [
        dot(x, y, 3.5, f"mark {style}", _tip(point, kind))
        for (x, y), point in zip(at, points, strict=True)
    ]
    return path(at, f"line {style}") + "".join(dots)


def _default(point: SweepPoint, kind: str, axes: tuple[Axis, Axis]) -> str:
    x, y = _at(point, kind, axes)
    is_today = point.series == DEFAULT_SERIES
    ring = dot(x, y, 7 if is_today else 5, "ring", _tip(point, kind))
    below = 16 if point.punctuation == "never" else 4
    return ring + text(x + 12, y + below, point.series, style="name" if is_today else "key")


def _at(point: SweepPoint, kind: str, axes: tuple[Axis, Axis]) -> tuple[float, float]:
    x, y = axes
    return x.at(point.mean_dead_air_ms or 0.0), y.at(_share(point, kind).percent or 0.0)


def _share(point: SweepPoint, kind: str) -> Share:
    share = getattr(point, kind)
    assert isinstance(share, Share)
    return share


def _tip(point: SweepPoint, kind: str) -> str:
    bounds = ", ".join(f"{name} {value:g}" for name, value in point.parameters.items())
    cut = _share(point, kind).percent
    air = point.dead_air_ms
    waits = "no answer" if air is None else f"dead air p50 {air.p50:.0f}, p95 {air.p95:.0f} ms"
    return f"{point.series} ({bounds}): {cut} % cut off, {waits}"
