"""A day as a picture that stands by itself: places above sessions, what was refused below."""

from collections.abc import Callable, Sequence
from typing import Final

from benchmarks.autoscaler.day import Minute, Outcome
from benchmarks.autoscaler.demand import HOUR_S
from benchmarks.report.svg import (
    WIDTH,
    Axis,
    axis_over,
    bottom_axis,
    left_axis,
    legend,
    line,
    path,
    text,
)

EVERY: Final = 2
"""Minutes a point."""
_LEFT: Final = 60.0
_RIGHT: Final = WIDTH - 10.0
_TOP, _MIDDLE, _LOW, _BOTTOM = 50.0, 300.0, 340.0, 400.0
_HEIGHT: Final = 440
_STYLE: Final = (
    "svg{background:#fff;font:12px sans-serif}text{fill:#333}.unit,.tick{fill:#666}"
    ".grid{stroke:#ddd}polyline{fill:none;stroke-width:1.5}.places{stroke:#2563eb}"
    ".sessions{stroke:#ea580c}.refused{stroke:#dc2626}rect.places{fill:#2563eb}"
    "rect.sessions{fill:#ea580c}rect.refused{fill:#dc2626}"
)


def picture(outcome: Outcome, title: str) -> str:
    """The whole file."""
    minutes = outcome.minutes[::EVERY]
    hours = Axis(0.0, 24.0, _LEFT, _RIGHT)
    upper = axis_over([one.places for one in minutes], _MIDDLE, _TOP)
    refused = _refused(outcome.minutes)
    lower = axis_over(refused, _BOTTOM, _LOW)
    parts = [
        text(_LEFT, 18, title),
        legend(
            [("places", "places"), ("sessions", "sessions"), ("refused a minute", "refused")],
            36,
            _LEFT,
        ),
        left_axis(upper, _LEFT, _RIGHT, ""),
        path(_points(minutes, hours, upper, lambda one: one.places), "places"),
        path(_points(minutes, hours, upper, lambda one: one.sessions), "sessions"),
        left_axis(lower, _LEFT, _RIGHT, ""),
        line(_LEFT, _BOTTOM, _RIGHT, _BOTTOM, "grid"),
        path(
            [
                (hours.at(one.at_s / HOUR_S), lower.at(n))
                for one, n in zip(minutes, refused, strict=True)
            ],
            "refused",
        ),
        bottom_axis(hours, _TOP, _BOTTOM, "hour of the day"),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {_HEIGHT}" role="img">'
        f"<title>{title}</title><style>{_STYLE}</style>{''.join(parts)}</svg>\n"
    )


def _refused(minutes: Sequence[Minute]) -> list[float]:
    """A minute, on average over the minutes of a point."""
    parts = [minutes[at : at + EVERY] for at in range(0, len(minutes), EVERY)]
    return [sum(one.refused for one in part) / len(part) for part in parts]


def _points(
    minutes: Sequence[Minute], hours: Axis, values: Axis, of: Callable[[Minute], int]
) -> list[tuple[float, float]]:
    return [(hours.at(one.at_s / HOUR_S), values.at(of(one))) for one in minutes]
