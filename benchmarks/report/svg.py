"""Drawing: elements of SVG as text, and a linear axis. Colours are classes of the page's style."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH: Final = 860
_FEWEST_TICKS: Final = 4


@dataclass(frozen=True)
class Axis:
    """Values from `low` to `high` on pixels from `start` to `end`, either way round."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Values outside are drawn at the edge."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self) -> list[float]:
        """Round numbers, four to nine of them."""
        step = 10 ** math.floor(math.log10((self.high - self.low) / _FEWEST_TICKS))
        for times in (5, 2):
            if (self.high - self.low) / (step * times) >= _FEWEST_TICKS:
                step *= times
                break
        first = math.ceil(self.low / step)
        return [k * step for k in range(first, math.floor(self.high / step) + 1)]


def axis_over(values: Iterable[float], start: float, end: float, *, least: float = 1.0) -> Axis:
    """From 0, or from the lowest value where that is below, to a little above the highest."""
    known = [0.0, least, *values]
    low, high = min(known), max(known)
    return Axis(low, high + (high - low) * 0.04, start, end)


def drawing(height: float, parts: Iterable[str], *, title: str) -> str:
    """A whole picture, as wide as the page; `title` is what it is to those who cannot see it."""
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )


def rect(x: float, y: float, width: float, height: float, style: str, tip: str = "") -> str:
    inner = f"<title>{escape(tip)}</title>" if tip else ""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{max(width, 0.5):g}" height="{height:g}" rx="2" '
        f'class="{style}">{inner}</rect>'
    )


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" class="{style}"/>'


def path(points: Sequence[tuple[float, float]], style: str) -> str:
    """Straight from point to point."""
    return f'<polyline points="{" ".join(f"{x:g},{y:g}" for x, y in points)}" class="{style}"/>'


def dot(x: float, y: float, radius: float, style: str, tip: str) -> str:
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" class="{style}">'
        f"<title>{escape(tip)}</title></circle>"
    )


def text(x: float, y: float, words: str, *, anchor: str = "start", style: str = "") -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" class="{style}">{escape(words)}</text>'
    )


def bottom_axis(axis: Axis, top: float, bottom: float, unit: str) -> str:
    """Thin lines upwards at the ticks, their values below."""
    parts = [line(axis.at(tick), top, axis.at(tick), bottom, "grid") for tick in axis.ticks()]
    parts += [
        text(axis.at(tick), bottom + 16, f"{tick:g}", anchor="middle", style="tick")
        for tick in axis.ticks()
    ]
    parts.append(text(axis.end, bottom + 32, unit, anchor="end", style="unit"))
    return "".join(parts)


def left_axis(axis: Axis, left: float, right: float, unit: str) -> str:
    parts = [line(left, axis.at(tick), right, axis.at(tick), "grid") for tick in axis.ticks()]
    parts += [
        text(left - 8, axis.at(tick) + 4, f"{tick:g}", anchor="end", style="tick")
        for tick in axis.ticks()
    ]
    parts.append(text(left - 8, axis.end - 12, unit, style="unit"))
    return "".join(parts)


def legend(names: Sequence[tuple[str, str]], y: float, left: float = 0.0) -> str:
    """(name, class) beside one another; names are short."""
    parts: list[str] = []
    for name, style in names:
        parts += [rect(left, y - 9, 12, 10, style), text(left + 18, y, name, style="key")]
        left += 34 + 7.2 * len(name)
    return "".join(parts)
