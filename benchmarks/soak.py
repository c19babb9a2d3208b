"""`python -m benchmarks.soak --minutes 60`: short sessions without end, and faults at random.

::

    sessions   ▐▌▐▌▐▌▐▌▐▌▐▌▐▌▐▌▐▌▐▌▐▌▐▌     --sessions at once, each of one to three questions
    faults        ↯      ↯   ↯       ↯      of `chaos/stray.py`, --fault-every seconds on average
    footprint  |    |    |    |    |        of API and workers: memory, sockets, descriptors
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from benchmarks.chaos.footprint import Footprint, Growth, growth_of
from benchmarks.chaos.reckoning import reckon
from benchmarks.chaos.soaking import Soak, SoakOptions
from benchmarks.chaos.stage import Stage, staged
from benchmarks.livekit_server import LiveKitMissing
from benchmarks.result import Environment, read_environment
from benchmarks.stats import Summary, summarise
from cli.caller.printout import text_table
from cli.caller.turn import Turn

_SETTLED_S: Final = 60.0
_TURNS: Final = """
SELECT turn_index, user_transcript, agent_response FROM turns WHERE session_id = $1
ORDER BY turn_index"""
_LEFT: Final = "SELECT count(*) FROM sessions WHERE status IN ('created', 'active')"
_REASONS: Final = """
SELECT coalesce(end_reason, status) AS reason, count(*) AS n FROM sessions
GROUP BY 1 ORDER BY 2 DESC"""


@dataclass(frozen=True)
class SoakResult:
    """`broken`: sessions that did not come to their end, by cause. `ends`: sessions by how many
    terminal events were told of them; `reasons`: by why they ended. `wait_ms`: from a question to
    its answer."""

    environment: Environment
    settings: Mapping[str, Any]
    sessions: int
    questions: int
    turns_lost: int
    words_lost: int
    unanswered: int
    double_speech: int
    broken: Mapping[str, int]
    ends: Mapping[int, int]
    reasons: Mapping[str, int]
    left_active: int
    faults: Mapping[str, int]
    wait_ms: Summary | None
    growth: Mapping[str, Sequence[Growth]]
    footprints: Mapping[str, Sequence[Footprint]]

    def write(self, path: Path) -> None:
        """Raises OSError."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    def table(self) -> str:
        counted = ("sessions", "questions", "turns_lost", "words_lost", "unanswered")
        rows = [[name.replace("_", " "), str(getattr(self, name))] for name in counted]
        rows += [["double speech", str(self.double_speech)], ["left active", str(self.left_active)]]
        rows += [["terminal events", ", ".join(f"{n}: {of}x" for n, of in self.ends.items())]]
        rows += [[f"ended: {reason}", str(count)] for reason, count in self.reasons.items()]
        rows += [[f"broken: {cause}", str(count)] for cause, count in self.broken.items()]
        rows += [[f"fault: {name}", str(count)] for name, count in self.faults.items()]
        if self.wait_ms:
            rows += [["answer p50, p95 ms", f"{self.wait_ms.p50:.0f}, {self.wait_ms.p95:.0f}"]]
        for who, grown in self.growth.items():
            rows += [
                [
                    f"{who}: {one.measure}",
                    f"{one.first:.0f} → {one.last:.0f}{'' if one.is_flat else ', grows'}",
                ]
                for one in grown
            ]
        return text_table(rows)


async def run_soak(options: SoakOptions) -> SoakResult:
    """Raises LiveKitMissing, or AssertionError when the system cannot start."""
    environment = read_environment()
    async with staged(workers=options.workers) as stage:
        soak = Soak(stage, options, random.Random(options.seed))
        await soak.run()
        left_active = await _left_active(stage)
        ended = await stage.system.ask_database(_REASONS)
        reasons = {row["reason"]: row["n"] for row in ended}
        return await _result(soak, environment, left_active, reasons)


async def _left_active(stage: Stage) -> int:
    """Sessions that do not end although everybody has hung up."""
    deadline = time.monotonic() + _SETTLED_S
    while True:
        (row,) = await stage.system.ask_database(_LEFT)
        if row[0] == 0 or time.monotonic() > deadline:
            return int(row[0])
        await asyncio.sleep(1.0)


async def _result(
    soak: Soak, environment: Environment, left_active: int, reasons: Mapping[str, int]
) -> SoakResult:
    lost: Counter[str] = Counter()
    for one in soak.past:
        rows = await soak.stage.system.ask_database(_TURNS, UUID(one.session_id))
        found = reckon(one.said, [Turn.model_validate(dict(row)) for row in rows], one.tried)
        lost.update(asdict(found))
    return SoakResult(
        environment=environment,
        settings=asdict(soak.options),
        sessions=len(soak.past),
        questions=sum(len(one.said) for one in soak.past),
        turns_lost=lost["turns_lost"],
        words_lost=lost["words_lost"],
        unanswered=lost["unanswered"],
        double_speech=sum(one.has_doubles for one in soak.past),
        broken=dict(soak.broken),
        ends=dict(
            sorted(
                Counter(soak.stage.system.inbox.ends_of(p.session_id) for p in soak.past).items()
            )
        ),
        reasons=reasons,
        left_active=left_active,
        faults=dict(soak.faults),
        wait_ms=summarise(soak.waits_ms),
        growth={who: growth_of(samples) for who, samples in soak.footprints.items()},
        footprints=soak.footprints,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--sessions", type=int, default=2, help="at once")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--fault-every", type=float, default=60.0, metavar="SECONDS")
    parser.add_argument("--seed", type=int, default=0, help="of faults and talks")
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    args = parser.parse_args()
    options = SoakOptions(args.minutes, args.sessions, args.workers, args.fault_every, args.seed)
    try:
        result = asyncio.run(run_soak(options))
    except LiveKitMissing as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(2) from exc
    print(result.table())
    if args.json:
        result.write(args.json)


if __name__ == "__main__":
    main()
