"""Turns from the caller's last sound to the agent's first, stage by stage.

A few turns are drawn in full, one lane a stage; all of them as one bar each.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from benchmarks.report.svg import (
    WIDTH,
    Axis,
    axis_over,
    bottom_axis,
    drawing,
    legend,
    line,
    rect,
    text,
)
from benchmarks.stages import HEARD, Stage, place_stages

Row = Mapping[str, Any]

STYLES: Final = {
    "recognition": "w0",
    "end of turn": "w1",
    "model": "w2",
    "voice": "w3",
    "transport": "w4",
}
_LANE: Final = 17
_LEFT: Final = 120
_BAR: Final = 9


def waterfalls(rows: Sequence[Row]) -> str:
    """The fastest, the middle, the 95th of a hundred and the slowest turn; "" without rows."""
    placed = [(row, place_stages(row)) for row in rows if row.get(HEARD) is not None]
    whole = [(row, stages) for row, stages in placed if len(stages) == len(STYLES)]
    if not whole:
        return ""
    whole.sort(key=lambda pair: float(pair[0][HEARD]))
    last = len(whole) - 1
    picked = {"fastest": 0, "median": last // 2, "p95": round(0.95 * last), "slowest": last}
    edges = [edge for _, stages in whole for s in stages for edge in (s.start_ms, s.end_ms)]
    x = axis_over(edges, _LEFT, WIDTH - 70)
    lanes: list[str] = []
    top = 8.0
    for name, index in picked.items():
        lanes.append(_turn(name, whole[index], x, top))
        top += 22 + _LANE * len(STYLES) + 14
    return drawing(
        top + 36,
        [bottom_axis(x, 8, top, "ms after the caller's last sound"), _zero(x, 8, top), *lanes],
        title="stages of four turns",
    )


def all_turns(rows: Sequence[Row]) -> str:
    """Every turn that was measured, one bar: deciding, making the answer, transport."""
    known = [row for row in rows if row.get("first_audio_ms") is not None and row.get(HEARD)]
    if not known:
        return ""
    x = axis_over([float(row[HEARD]) for row in known], _LEFT, WIDTH - 16)
    bottom = 30 + (_BAR + 3) * len(known)
    bars = [_bar(row, x, 28 + index * (_BAR + 3)) for index, row in enumerate(known)]
    keys = [("until the turn was decided", "w1"), ("until its sound left", "w3"), ("way", "w4")]
    parts = [legend(keys, 14, _LEFT), bottom_axis(x, 24, bottom, "ms"), *bars]
    return drawing(bottom + 40, parts, title="all turns")


def _turn(name: str, turn: tuple[Row, list[Stage]], x: Axis, top: float) -> str:
    row, stages = turn
    parts = [
        text(0, top + 12, name, style="name"),
        text(
            _LEFT,
            top + 12,
            f"{row.get('clip', '')}  ·  heard after {row[HEARD]:.0f} ms",
            style="key",
        ),
    ]
    for index, stage in enumerate(stages):
        y = top + 20 + index * _LANE
        start, end = x.at(stage.start_ms), x.at(stage.end_ms)
        took = stage.end_ms - stage.start_ms
        parts += [
            text(_LEFT - 10, y + 11, stage.name, anchor="end", style="lane"),
            rect(start, y + 1, end - start, 13, STYLES[stage.name], f"{stage.name}: {took:.0f} ms"),
            text(end + 5, y + 11, f"{took:.0f}", style="tick"),
        ]
    return "".join(parts)


def _bar(row: Row, x: Axis, y: float) -> str:
    heard, sent = float(row[HEARD]), float(row["first_audio_ms"])
    decided = min(float(row.get("eou_delay_ms") or 0), sent)
    tip = f"{row.get('clip', '')}: decided {decided:.0f}, left {sent:.0f}, heard {heard:.0f} ms"
    edges = (0.0, decided, sent, heard)
    parts = [text(_LEFT - 10, y + 8, f"{heard:.0f}", anchor="end", style="tick")]
    for (start, end), style in zip(pairwise(edges), ("w1", "w3", "w4"), strict=True):
        parts.append(rect(x.at(start), y, x.at(end) - x.at(start), _BAR, style, tip))
    return "".join(parts)


def _zero(x: Axis, top: float, bottom: float) -> str:
    return line(x.at(0), top, x.at(0), bottom, "zero")
