"""A result's figures as HTML tables. Everything that comes from outside is escaped."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from html import escape
from typing import Any

from benchmarks.result import BenchmarkResult, Environment
from benchmarks.spending import Waste
from benchmarks.stats import Summary
from benchmarks.sweep.result import SweepPoint

Systems = Mapping[str, BenchmarkResult]


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, words: int = 1) -> str:
    """The first `words` columns are words, the others figures; cells are HTML already."""

    def cells(row: Sequence[str], tag: str) -> str:
        styles = ["word" if index < words else "figure" for index in range(len(row))]
        return "".join(f'<{tag} class="{s}">{c}</{tag}>' for s, c in zip(styles, row, strict=True))

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return (
        f'<div class="wide"><table><thead><tr>{cells(head, "th")}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def summaries(systems: Systems) -> str:
    """Metric by metric, the systems one below the other."""
    head = ["metric, ms", "system", "n", "p50", "p95", "p99", "max"]
    rows = [
        [escape(metric), escape(name), *_summary(result.summaries[metric])]
        for metric in _metrics(systems)
        for name, result in systems.items()
        if metric in result.summaries
    ]
    return table(head, rows, words=2)


def words(systems: Systems) -> str:
    """Metrics counted in words; "" where there are none."""
    rows = [
        [escape(metric), escape(name), *_summary(summary)]
        for name, result in systems.items()
        for metric, summary in result.word_summaries.items()
    ]
    head = ["metric, words", "system", "n", "p50", "p95", "p99", "max"]
    return table(head, rows, words=2) if rows else ""


def shares(systems: Systems) -> str:
    """Nothing where no share was measured. Pauses of one length have a map of their own."""
    rows = [
        [
            escape(metric),
            escape(name),
            str(share.of),
            str(share.hits),
            "–" if share.percent is None else f"{share.percent:g}",
            meter(share.percent),
        ]
        for name, result in systems.items()
        for metric, share in result.shares.items()
        if not metric.endswith(" ms")
    ]
    head = ["share", "system", "n", "of them", "%", ""]
    return table(head, rows, words=2) if rows else ""


def waste(systems: Systems) -> str:
    """What was asked for in vain over what was used; "" where nothing was counted."""
    rows = [
        [escape(kind), escape(name), *_waste(waste)]
        for name, result in systems.items()
        for kind, waste in result.waste.items()
    ]
    head = ["discarded / used", "system", "n", "p50", "p95", "in all"]
    return table(head, rows, words=2) if rows else ""


def left_out(systems: Systems) -> str:
    """Errors and discards by cause."""
    rows = [
        [escape(name), kind, escape(cause), str(count)]
        for name, result in systems.items()
        for kind, causes in (("error", result.errors), ("discarded", result.discards))
        for cause, count in sorted(causes.items())
    ]
    if not rows:
        return "<p>No turn failed, none was discarded.</p>"
    return table(["system", "", "cause", "turns"], rows, words=3)


def sweep(points: Sequence[SweepPoint]) -> str:
    head = [
        *("policy", "min_delay", "max_delay", "cut off %", "unfinished %", "complete %"),
        *("taken back %", "mean ms", "p50", "p95"),
    ]
    return table(head, [_point(point) for point in points])


def environment(of: Environment) -> str:
    words = {
        "commit": of.commit + (" with changes" if of.has_changes else ""),
        "started": of.started_at,
        "machine": f"{of.cores} cores, {of.cpu}, {of.machine}",
        "load": f"{of.load_1m:g} in the minute before",
        "Python": of.python,
    }
    items = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in words.items())
    return f"<dl>{items}</dl>"


def settings(of: Mapping[str, Any]) -> str:
    written = escape(json.dumps(of, indent=2, ensure_ascii=False, default=str))
    return f"<details><summary>Settings</summary><pre>{written}</pre></details>"


def meter(percent: float | None) -> str:
    return f'<span class="meter"><i style="width:{percent or 0:g}%"></i></span>'


def _summary(summary: Summary | None) -> list[str]:
    if summary is None:
        return ["0", "–", "–", "–", "–"]
    n, *figures = asdict(summary).values()
    return [str(n), *(f"{figure:.0f}" for figure in figures)]


def _waste(waste: Waste | None) -> list[str]:
    if waste is None:
        return ["0", "–", "–", "–"]
    return [str(waste.n), *(f"{ratio:.2f}" for ratio in (waste.p50, waste.p95, waste.overall))]


def _metrics(systems: Systems) -> list[str]:
    """In the order in which they were met."""
    return list(dict.fromkeys(m for result in systems.values() for m in result.summaries))


def _point(point: SweepPoint) -> list[str]:
    parts = (point.cut_offs, point.unfinished, point.complete, point.taken_back)
    air = point.dead_air_ms
    waits = (point.mean_dead_air_ms, air and air.p50, air and air.p95)
    bounds = (point.parameters["min_delay_s"], point.parameters["max_delay_s"])
    return [
        escape(point.series),
        *(f"{bound:g} s" for bound in bounds),
        *("–" if share.percent is None else f"{share.percent:g}" for share in parts),
        *("–" if wait is None else f"{wait:.0f}" for wait in waits),
    ]
