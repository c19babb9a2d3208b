"""Trials → one row a fault: the figures, what was lost, what must not be."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.chaos.faults import Fault
from benchmarks.chaos.stage import Stage
from benchmarks.chaos.trial import Losses, Trial, losses_of
from benchmarks.stats import Summary, summarise
from cli.caller.errors import CallerError

COLUMNS = (
    "fault",
    "figure",
    "n",
    "p50 ms",
    "p95 ms",
    "target",
    "turns lost",
    "words lost",
    "double speech",
    "terminal events",
    "left active",
    "problems",
)


@dataclass(frozen=True)
class RecoveryRow:
    """`n`: trials. `took`: None where none came to its figure. `ends`: sessions by how many
    terminal events were told of them; one is right. `trials`: each by itself."""

    fault: str
    told: str
    figure: str
    target_ms: int
    n: int
    took: Summary | None
    turns_lost: int
    words_lost: int
    double_speech: int
    ends: Mapping[int, int]
    left_active: int
    problems: Mapping[str, int]
    trials: Sequence[Mapping[str, Any]]

    def cells(self) -> list[str]:
        """As `COLUMNS`."""
        p50, p95 = ("-", "-") if self.took is None else (self.took.p50, self.took.p95)
        ends = ", ".join(f"{n}" if n == 1 else f"{n} ({of}x)" for n, of in self.ends.items())
        counted = (self.turns_lost, self.words_lost, self.double_speech)
        return [
            *(self.told, self.figure, str(self.n)),
            *(
                p50 if isinstance(p50, str) else f"{p50:.0f}",
                p95 if isinstance(p95, str) else f"{p95:.0f}",
            ),
            *(f"{self.target_ms}", *map(str, counted), ends or "-", str(self.left_active)),
            ", ".join(f"{what} {count}" for what, count in self.problems.items()) or "none",
        ]


async def measure(stage: Stage, fault: Fault, n: int) -> RecoveryRow:
    """Let it happen so often, one after the other."""
    trials = []
    for number in range(n):
        trials.append(trial := Trial(number))
        began_at = time.monotonic()
        try:
            await fault.strike(stage, trial)
        except CallerError as exc:
            trial.problems[f"broke off: {exc}"] += 1
        finally:
            await stage.settle(trial)
        trial.notes["lasted_s"] = round(time.monotonic() - began_at, 1)
    losses = [await losses_of(trial, stage.system.inbox) for trial in trials]
    return _row(fault, trials, losses)


def _row(fault: Fault, trials: Sequence[Trial], losses: Sequence[Losses]) -> RecoveryRow:
    problems = sum((trial.problems for trial in trials), Counter[str]())
    return RecoveryRow(
        fault=fault.name,
        told=fault.told,
        figure=fault.figure,
        target_ms=fault.target_ms,
        n=len(trials),
        took=summarise([took for trial in trials for took in trial.took_ms]),
        turns_lost=sum(one.turns_lost for one in losses),
        words_lost=sum(one.words_lost for one in losses),
        double_speech=sum(one.doubles for one in losses),
        ends=dict(sorted(Counter(n for one in losses for n in one.ends).items())),
        left_active=sum(one.left_active for one in losses),
        problems=dict(+problems),
        trials=[
            {
                "moment": trial.moment,
                "took_ms": trial.took_ms,
                "problems": dict(+trial.problems),
                **trial.notes,
            }
            for trial in trials
        ],
    )
