"""What `benchmarks/results/` holds: samples by system, what was left out, commit and settings."""

import json
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from benchmarks.result import BenchmarkResult, Environment
from benchmarks.spending import Spending, Waste
from benchmarks.stats import Share, Summary, summarise

RESULTS_DIR: Final = Path(__file__).parent / "results"
_ROOT: Final = Path(__file__).parent.parent


@dataclass
class KeptSystem:
    """One system's figures, of all runs that were added."""

    samples_ms: dict[str, list[float]] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    discards: dict[str, int] = field(default_factory=dict)
    shares: dict[str, tuple[int, int]] = field(default_factory=dict)
    spending: dict[str, list[Spending]] = field(default_factory=dict)

    def add(self, result: BenchmarkResult) -> None:
        for metric, samples in result.samples_ms.items():
            self.samples_ms.setdefault(metric, []).extend(samples)
        self.errors = dict(Counter(self.errors) + Counter(result.errors))
        self.discards = dict(Counter(self.discards) + Counter(result.discards))
        for name, share in result.shares.items():
            hits, of = self.shares.get(name, (0, 0))
            self.shares[name] = (hits + share.hits, of + share.of)
        for kind, turns in result.spending.items():
            self.spending.setdefault(kind, []).extend(turns)

    def summary(self, metric: str) -> Summary | None:
        return summarise(self.samples_ms.get(metric, ()))

    def waste(self, kind: str) -> Waste | None:
        return Waste.of(self.spending.get(kind, ()))

    def share(self, name: str) -> Share | None:
        counted = self.shares.get(name)
        return None if counted is None else Share(*counted)


@dataclass
class KeptResult:
    """`commit`: the newest that changed anything but texts and results. `asked`: turns a system."""

    part: str
    commit: str
    environment: Mapping[str, Any]
    settings: Mapping[str, Any]
    asked: int = 0
    systems: dict[str, KeptSystem] = field(default_factory=dict)

    @classmethod
    def begin(cls, part: str, environment: Environment, settings: Mapping[str, Any]) -> Self:
        shown = {name: value for name, value in settings.items() if name != "sandbox"}
        return cls(part, code_commit(), asdict(environment), shown)

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """None where there is none. Raises OSError, ValueError."""
        if not path.exists():
            return None
        data = json.loads(path.read_text(encoding="utf-8"))
        data["systems"] = {name: KeptSystem(**of) for name, of in data["systems"].items()}
        return cls(**data)

    def add(self, systems: Mapping[str, BenchmarkResult], asked: int) -> None:
        self.asked += asked
        for name, result in systems.items():
            self.systems.setdefault(name, KeptSystem()).add(result)

    def write(self, folder: Path = RESULTS_DIR) -> None:
        """Raises OSError."""
        folder.mkdir(exist_ok=True)
        text = json.dumps(asdict(self), indent=1, sort_keys=True)
        (folder / f"{self.part}.json").write_text(text + "\n", encoding="utf-8")


def code_commit() -> str:
    command = ("git", "log", "-1", "--format=%h", "--", ".", ":!benchmarks/results", ":!*.md")
    done = subprocess.run(
        command, cwd=_ROOT, capture_output=True, text=True, timeout=10, check=False
    )
    return done.stdout.strip() or "unknown"
