"""What a benchmark found, on what, with which settings: a typed result, written as JSON."""

import json
import os
import platform
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks.spending import Spending, Waste
from benchmarks.stats import Share, Summary, summarise
from cli.caller.printout import text_table

_ROOT: Final = Path(__file__).parent.parent


@dataclass(frozen=True)
class Environment:
    """Where and when. `load_1m`: the machine's load average as the run began."""

    commit: str
    has_changes: bool
    machine: str
    cpu: str
    cores: int
    python: str
    started_at: str
    load_1m: float


@dataclass(frozen=True)
class BenchmarkResult:
    """`summaries` by metric, in milliseconds; None where nothing was measured.

    `errors`: turns that brought no answer, by cause. `discards`: turns that were measured but
    do not count, by cause. Neither is among the samples. `turns`: every turn that was answered,
    in order, with what is needed to look into one. `shares`: what is counted, not timed.
    `word_summaries`, `word_samples`: metrics in words. `spending`: what each turn asked of model
    and voice, by kind.
    """

    benchmark: str
    summaries: Mapping[str, Summary | None]
    errors: Mapping[str, int]
    discards: Mapping[str, int]
    settings: Mapping[str, Any]
    environment: Environment
    samples_ms: Mapping[str, Sequence[float]]
    warm_up_ms: Mapping[str, Sequence[float]]
    turns: Sequence[Mapping[str, Any]]
    shares: Mapping[str, Share] = field(default_factory=dict)
    word_summaries: Mapping[str, Summary | None] = field(default_factory=dict)
    word_samples: Mapping[str, Sequence[float]] = field(default_factory=dict)
    spending: Mapping[str, Sequence[Spending]] = field(default_factory=dict)

    @property
    def waste(self) -> dict[str, Waste | None]:
        """By kind; None where nothing was used."""
        return {kind: Waste.of(turns) for kind, turns in self.spending.items()}

    def write(self, path: Path) -> None:
        """Raises OSError."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    def table(self) -> str:
        rows = [["ms", "n", "p50", "p95", "p99", "max", ""]]
        rows += [[name, *_cells(summary), ""] for name, summary in self.summaries.items()]
        if self.word_summaries:
            rows.append(["words", "n", "p50", "p95", "p99", "max", ""])
            rows += [[name, *_cells(of), ""] for name, of in self.word_summaries.items()]
        lines = [text_table(rows)]
        lines += [f"{name}: {share}" for name, share in self.shares.items()]
        lines += [f"{kind} discarded / used: {waste or '-'}" for kind, waste in self.waste.items()]
        lines += [f"{name}: {_counts(of)}" for name, of in self._left_out() if of]
        if misheard := sum(turn.get("is_heard_right") is False for turn in self.turns):
            lines.append(f"heard otherwise than said: {misheard} of {len(self.turns)} turns")
        return "\n".join(lines)

    def _left_out(self) -> tuple[tuple[str, Mapping[str, int]], ...]:
        return ("errors", self.errors), ("discarded", self.discards)


@dataclass
class Tally:
    """Samples as they come in, by metric, beside what was left out and why."""

    samples_ms: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    discards: Counter[str] = field(default_factory=Counter)
    warm_up_ms: dict[str, list[float]] = field(default_factory=dict)

    turns: list[dict[str, Any]] = field(default_factory=list)
    shares: dict[str, Share] = field(default_factory=dict)
    word_samples: dict[str, list[float]] = field(default_factory=dict)
    spending: dict[str, list[Spending]] = field(default_factory=dict)

    def add(self, metric: str, value_ms: float | None) -> None:
        """None is a stage that was not measured: no sample."""
        samples = self.samples_ms.setdefault(metric, [])
        if value_ms is not None:
            samples.append(round(value_ms, 1))

    def count(self, name: str, hits: int, of: int = 1) -> None:
        """Add to a share: `hits` of `of` more."""
        before = self.shares.get(name, Share(0, 0))
        self.shares[name] = Share(before.hits + hits, before.of + of)

    def add_words(self, metric: str, words: int) -> None:
        self.word_samples.setdefault(metric, []).append(words)

    def spend(self, spending: Mapping[str, Spending]) -> None:
        """What one question brought."""
        for kind, counts in spending.items():
            self.spending.setdefault(kind, []).append(counts)

    def summary(self, metric: str) -> Summary | None:
        """Of what there is by now."""
        return summarise(self.samples_ms.get(metric, ()))

    def add_warm_up(self, metric: str, value_ms: float) -> None:
        """Kept beside the samples, in no figure."""
        self.warm_up_ms.setdefault(metric, []).append(round(value_ms, 1))

    def result(
        self, benchmark: str, settings: Mapping[str, Any], environment: Environment
    ) -> BenchmarkResult:
        return BenchmarkResult(
            benchmark=benchmark,
            summaries={name: summarise(values) for name, values in self.samples_ms.items()},
            errors=dict(self.errors),
            discards=dict(self.discards),
            settings=dict(settings),
            environment=environment,
            samples_ms=self.samples_ms,
            warm_up_ms=self.warm_up_ms,
            turns=self.turns,
            shares=self.shares,
            word_summaries={name: summarise(of) for name, of in self.word_samples.items()},
            word_samples=self.word_samples,
            spending=self.spending,
        )


def read_environment() -> Environment:
    """Call it as the run begins."""
    return Environment(
        commit=_git("rev-parse", "HEAD") or "unknown",
        has_changes=bool(_git("status", "--porcelain")),
        machine=f"{platform.system()} {platform.release()} {platform.machine()}",
        cpu=_cpu(),
        cores=os.cpu_count() or 0,
        python=platform.python_version(),
        started_at=datetime.now(UTC).isoformat(timespec="seconds"),
        load_1m=round(os.getloadavg()[0], 2),
    )


def _git(*command: str) -> str:
    """What git says, "" outside of a repository or without git."""
    try:
        done = subprocess.run(
            ("git", *command), cwd=_ROOT, capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "unknown")


def _cells(summary: Summary | None) -> list[str]:
    if summary is None:
        return ["0", "-", "-", "-", "-"]
    values = (summary.p50, summary.p95, summary.p99, summary.max)
    return [str(summary.n), *(f"{value:.0f}" for value in values)]


def _counts(of: Mapping[str, int]) -> str:
    return ", ".join(f"{cause} {count}" for cause, count in sorted(of.items()))
