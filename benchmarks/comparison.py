"""What systems measured in one run show side by side: ratios, a table, JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.result import BenchmarkResult, Environment
from cli.caller.printout import text_table

HEADLINE_METRIC: Final = "voice_to_voice"


@dataclass(frozen=True)
class Comparison:
    """`systems`: one whole result each, ours among them under `ours`."""

    benchmark: str
    ours: str
    systems: Mapping[str, BenchmarkResult]
    settings: Mapping[str, Any]
    environment: Environment

    def ratio(self, metric: str, peer: str) -> float | None:
        """Our p50 by the peer's: below 1 we are faster. None where either was not measured."""
        mine = self._p50(self.ours, metric)
        theirs = self._p50(peer, metric)
        return None if mine is None or not theirs else round(mine / theirs, 3)

    def best_peer(self, metric: str = HEADLINE_METRIC) -> str | None:
        """The fastest at p50."""
        measured = {name: self._p50(name, metric) for name in self.systems if name != self.ours}
        known = {name: p50 for name, p50 in measured.items() if p50 is not None}
        return min(known, key=lambda name: known[name]) if known else None

    def write(self, path: Path) -> None:
        """Raises OSError."""
        best = self.best_peer()
        written = {
            **asdict(self),
            "ratios": {
                metric: {peer: self.ratio(metric, peer) for peer in self._peers()}
                for metric in self._metrics()
            },
            "best_peer": best,
            "ratio_to_best_peer": None if best is None else self.ratio(HEADLINE_METRIC, best),
        }
        path.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")

    def table(self) -> str:
        """Each metric's systems one below the other, then what was left out, then the headline."""
        rows = [["ms", "", "n", "p50", "p95", "ours / theirs", ""]]
        for metric in self._metrics():
            rows += [self._row(metric, name) for name in self.systems]
        shares = dict.fromkeys(name for of in self.systems.values() for name in of.shares)
        counted = [["counted", "", "", ""]]
        counted += [
            [name, system, str(of.shares[name]), ""]
            for name in shares
            for system, of in self.systems.items()
            if name in of.shares
        ]
        lines = [text_table(rows), *([text_table(counted)] if shares else [])]
        for name, result in self.systems.items():
            left_out = {"errors": result.errors, "discarded": result.discards}
            lines += [f"{name}: {what} {dict(of)}" for what, of in left_out.items() if of]
        return "\n".join([*lines, self._headline()])

    def _headline(self) -> str:
        best = self.best_peer()
        ratio = None if best is None else self.ratio(HEADLINE_METRIC, best)
        if ratio is None:
            return f"{HEADLINE_METRIC}: nothing to compare"
        return f"{HEADLINE_METRIC} p50: {ratio:.2f} x the best peer ({best})"

    def _row(self, metric: str, name: str) -> list[str]:
        summary = self.systems[name].summaries.get(metric)
        if summary is None:
            return [metric, name, "0", "-", "-", "", ""]
        ratio = None if name == self.ours else self.ratio(metric, name)
        cells = [str(summary.n), f"{summary.p50:.0f}", f"{summary.p95:.0f}"]
        return [metric, name, *cells, "" if ratio is None else f"{ratio:.2f}", ""]

    def _p50(self, name: str, metric: str) -> float | None:
        result = self.systems.get(name)
        summary = None if result is None else result.summaries.get(metric)
        return None if summary is None else summary.p50

    def _peers(self) -> Sequence[str]:
        return [name for name in self.systems if name != self.ours]

    def _metrics(self) -> Sequence[str]:
        """In the order in which they were met."""
        return list(dict.fromkeys(m for of in self.systems.values() for m in of.summaries))
