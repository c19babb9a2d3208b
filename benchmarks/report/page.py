"""The page: what was measured, drawn, and on what. One file, nothing from elsewhere."""

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any, Final

from benchmarks.report import tables
from benchmarks.report.curve import KINDS, curve
from benchmarks.report.distribution import distribution
from benchmarks.report.pauses import pause_map
from benchmarks.report.waterfall import all_turns, waterfalls
from benchmarks.result import BenchmarkResult, Environment
from benchmarks.stats import Summary
from benchmarks.sweep.policies import DEFAULT_SERIES
from benchmarks.sweep.result import SweepResult

_STYLE: Final = Path(__file__).parent / "page.css"
_HEADLINES: Final = ("voice_to_voice", "barge_in", "voice_to_voice_after_barge_in")
_SHARES: Final = ("false_cut_off, unfinished", "false_cut_off, complete", "taken_back")
_NOTES: Final = (
    "Every figure is from sound, on one clock in the caller's process; nothing is subtracted. "
    "Scripted providers answer after exactly the time they were told: this is what the system adds "
    "to its providers and the transport. benchmarks/README.md says what each number means and "
    "what it does not."
)
_CURVE_NOTES: Final = {
    "cut_offs": "All pauses.",
    "unfinished": "Pauses after words that could not be all.",
    "complete": "Pauses after words that could have been the whole sentence.",
}


def write_report(
    path: Path,
    title: str,
    systems: Mapping[str, BenchmarkResult],
    settings: Mapping[str, Any],
    environment: Environment,
) -> None:
    """`systems` by name, ours first; one for a benchmark of ours alone. Raises OSError."""
    parts = [
        _tiles(systems),
        _card(
            "Figures",
            "Milliseconds, words where it says so.",
            tables.summaries(systems)
            + tables.words(systems)
            + tables.shares(systems)
            + tables.waste(systems),
        ),
        *_pause_cards(systems),
        _card("Left out", "Neither is in any figure.", tables.left_out(systems)),
        *_waterfall_cards(systems),
        _card("Distributions", "The share of turns that took at most so long.", *_lines(systems)),
    ]
    path.write_text(_page(title, parts, settings, environment), encoding="utf-8")


def write_sweep_report(path: Path, result: SweepResult) -> None:
    """Raises OSError."""
    today = next(p for p in result.points if p.series == DEFAULT_SERIES)
    air = today.dead_air_ms
    tiles = [
        _tile(f"{today.unfinished.percent:g}", "%", "unfinished words cut off, today's default"),
        _tile(f"{today.complete.percent:g}", "%", "complete words cut off, today's default"),
        _tile(f"{air.p50:.0f}" if air else "–", "ms", "dead air at p50, without transport"),
        _tile(str(len(result.points)), "", "policies over the same clips"),
    ]
    drawn = [f"<h3>{_CURVE_NOTES[kind]}</h3>{curve(result.points, kind)}" for kind in KINDS]
    parts = [
        f'<div class="tiles">{"".join(tiles)}</div>',
        _card(
            "False cut-offs against dead air",
            "Each line is one min_delay, its points are max_delays; lower and further left is "
            "better. Today's default is ringed, also for a recogniser that ends every final with "
            "a full stop, or none.",
            *drawn,
        ),
        _card("Policies", "", tables.sweep(result.points)),
    ]
    page = _page("Taking turns: a sweep of policies", parts, result.settings, result.environment)
    path.write_text(page, encoding="utf-8")


def _page(
    title: str, parts: Iterable[str], settings: Mapping[str, Any], environment: Environment
) -> str:
    subtitle = f"{environment.started_at[:10]} · commit {environment.commit[:10]}"
    where = tables.environment(environment) + tables.settings(settings)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE.read_text(encoding='utf-8')}</style></head>"
        f"<body><main><header><h1>{escape(title)}</h1><p>{escape(subtitle)}</p></header>"
        f"{''.join(parts)}{_card('Where and how', '', where)}"
        f"<footer>{escape(_NOTES)}</footer></main></body></html>\n"
    )


def _card(title: str, note: str, *inner: str) -> str:
    about = f"<p>{escape(note)}</p>" if note else ""
    return f'<h2>{escape(title)}</h2>{about}<section class="card">{"".join(inner)}</section>'


def _tiles(systems: Mapping[str, BenchmarkResult]) -> str:
    """Of the first system: its headline figures."""
    ours = next(iter(systems.values()))
    tiles = [
        _summary_tile(metric, summary)
        for metric in _HEADLINES
        if (summary := ours.summaries.get(metric)) is not None
    ]
    tiles += [
        _tile(f"{share.percent:g}", "%", f"{metric} ({share.hits} of {share.of})")
        for metric in _SHARES
        if (share := ours.shares.get(metric)) is not None and share.percent is not None
    ]
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _summary_tile(metric: str, summary: Summary) -> str:
    about = f"{metric.replace('_', ' ')}, p50 · p95 {summary.p95:.0f} ms · n {summary.n}"
    return _tile(f"{summary.p50:.0f}", "ms", about)


def _tile(figure: str, unit: str, about: str) -> str:
    return (
        f'<div class="tile"><b>{escape(figure)} <small>{unit}</small></b>'
        f"<span>{escape(about.replace('_', ' '))}</span></div>"
    )


def _pause_cards(systems: Mapping[str, BenchmarkResult]) -> list[str]:
    note = "Pauses in which the agent was heard, by the words before them and their length."
    drawn = [pause_map(result.shares) for result in systems.values()]
    return [_card("Cut-offs by pause", note, each) for each in drawn if each]


def _waterfall_cards(systems: Mapping[str, BenchmarkResult]) -> list[str]:
    cards = []
    for name, result in systems.items():
        if drawn := waterfalls(result.turns):
            every = f"<details><summary>All turns</summary>{all_turns(result.turns)}</details>"
            title = "Where the time went" + (f": {name}" if len(systems) > 1 else "")
            note = (
                "From the caller's last sound. What begins left of it was begun on speculation; "
                "the last bar is the way to the caller's ear and back."
            )
            cards.append(_card(title, note, drawn, every))
    return cards


def _lines(systems: Mapping[str, BenchmarkResult]) -> list[str]:
    metrics = dict.fromkeys(m for of in systems.values() for m, v in of.samples_ms.items() if v)
    drawn = []
    for metric in metrics:
        samples = {name: of.samples_ms.get(metric, ()) for name, of in systems.items()}
        drawn.append(f"<h3>{escape(metric)}</h3>{distribution(metric, samples)}")
    return drawn
