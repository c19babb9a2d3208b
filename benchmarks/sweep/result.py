"""What a sweep found: for each policy its false cut-offs and its dead air."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.clips import PauseKind
from benchmarks.result import Environment
from benchmarks.stats import Share, Summary, summarise
from benchmarks.sweep.policies import Policy
from benchmarks.sweep.replay import Outcome
from cli.caller.printout import text_table


@dataclass(frozen=True)
class SweepPoint:
    """`cut_offs`: of the pauses, all, unfinished and complete ones. `taken_back`: of the cut-offs.
    `dead_air_ms`: from the caller's last sound to the answer's, without any transport.
    `unanswered`: clips without an answer. `not_whole`: answered ones whose last turn lacks words.
    `told_rightly`: as its policy says.
    """

    series: str
    punctuation: str
    parameters: Mapping[str, float | int]
    cut_offs: Share
    unfinished: Share
    complete: Share
    taken_back: Share
    dead_air_ms: Summary | None
    mean_dead_air_ms: float | None
    unanswered: int
    not_whole: int
    told_rightly: int | None = None


@dataclass(frozen=True)
class SweepResult:
    benchmark: str
    points: Sequence[SweepPoint]
    settings: Mapping[str, Any]
    environment: Environment

    def write(self, path: Path) -> None:
        """Raises OSError."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    def table(self) -> str:
        head = [
            "policy",
            "max",
            "cut off %",
            "unfinished",
            "complete",
            "back %",
            "mean ms",
            "p50",
            "p95",
            "",
        ]
        return text_table([head, *(_cells(point) for point in self.points)])


def make_point(
    policy: Policy, outcomes: Sequence[tuple[Sequence[PauseKind], Outcome]]
) -> SweepPoint:
    """`outcomes`: of each clip, with the kinds of its pauses."""
    unfinished, complete = (
        [was_cut for kinds, of in outcomes for was_cut in _pauses_cut(kind, kinds, of)]
        for kind in ("unfinished", "complete")
    )
    offs = [off for _, outcome in outcomes for off in outcome.cut_offs]
    waits = [1000 * o.dead_air_s for _, o in outcomes if o.dead_air_s is not None]
    return SweepPoint(
        series=policy.series,
        punctuation=policy.punctuation,
        parameters=policy.parameters,
        cut_offs=_share(unfinished + complete),
        unfinished=_share(unfinished),
        complete=_share(complete),
        taken_back=_share([off.is_taken_back for off in offs]),
        dead_air_ms=summarise(waits),
        mean_dead_air_ms=round(sum(waits) / len(waits), 1) if waits else None,
        unanswered=len(outcomes) - len(waits),
        not_whole=sum(not o.is_whole for _, o in outcomes if o.dead_air_s is not None),
        told_rightly=policy.told_rightly,
    )


def _pauses_cut(kind: str, kinds: Sequence[PauseKind], outcome: Outcome) -> list[bool]:
    """Of each pause of that kind, whether it was cut; in no order."""
    cut = sum(off.pause is not None and off.pause.kind == kind for off in outcome.cut_offs)
    there = sum(of == kind for of in kinds)
    return [number < cut for number in range(there)]


def _share(outcomes: Sequence[bool]) -> Share:
    return Share(sum(outcomes), len(outcomes))


def _cells(point: SweepPoint) -> list[str]:
    shares = (point.cut_offs, point.unfinished, point.complete, point.taken_back)
    percents = ["-" if share.percent is None else f"{share.percent:g}" for share in shares]
    air = point.dead_air_ms
    waits = (point.mean_dead_air_ms, air and air.p50, air and air.p95)
    ms = ["-" if wait is None else f"{wait:.0f}" for wait in waits]
    return [point.series, f"{point.parameters['max_delay_s']:g}", *percents, *ms, ""]
