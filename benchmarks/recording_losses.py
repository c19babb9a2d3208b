"""`python -m benchmarks.recording_losses`: what a recording loses when something fails.

A system of the run's own (`benchmarks/chaos`) that keeps its recordings in a bucket of moto's
server; the worker's disk is a small one, so that it can be full. In each conversation one thing
fails; then the caller's own ears are laid beside the recording.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.chaos.recording_faults import FAULTS, Kept, Place, small_disk, struck
from benchmarks.chaos.stage import staged
from benchmarks.output import run_and_leave
from benchmarks.result import Environment, read_environment
from benchmarks.s3_server import s3_server
from cli.caller.errors import CallerError
from cli.caller.printout import text_table

_COLUMNS: Final = ("fault", "n", "said s", "kept", "heard s", "kept", "lost s: each", "most")


@dataclass
class Row:
    """`kept`: of each conversation; `broken`: why others have no figure."""

    fault: str
    kept: list[Kept] = field(default_factory=list)
    lost_s: list[float] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def cells(self) -> list[str]:
        sums = [
            sum(getattr(one, of) for one in self.kept)
            for of in ("said_s", "said_kept_s", "heard_s", "heard_kept_s")
        ]
        each = " ".join(f"{one:.2f}" for one in self.lost_s) or ", ".join(self.broken) or "-"
        most = f"{max(self.lost_s):.2f}" if self.lost_s else "-"
        return [self.fault, str(len(self.kept)), *(f"{one:.1f}" for one in sums), each, most]


@dataclass(frozen=True)
class RecordingLosses:
    """Seconds of sound by fault."""

    environment: Environment
    rows: Sequence[Row]

    def table(self) -> str:
        return text_table([list(_COLUMNS), *(row.cells() for row in self.rows)])


async def run(faults: Sequence[str], n: int) -> RecordingLosses:
    """Raises LiveKitMissing, or AssertionError when a process does not come up."""
    environment = read_environment()
    rows = []
    async with AsyncExitStack() as stack:
        journal = Path(stack.enter_context(TemporaryDirectory(prefix="vaarta-journal-")))
        disk = stack.enter_context(small_disk(journal / "recordings"))
        store = await stack.enter_async_context(s3_server())
        settings = {**store.env, "AGENT_JOURNAL_DIR": str(journal)}
        stage = await stack.enter_async_context(staged(settings=settings))
        session = {**stage.scenario.session, "record": True}
        stage.scenario = replace(stage.scenario, session=session)
        for fault in faults:
            rows.append(row := Row(fault))
            if fault.startswith("disk-full") and disk is None:
                row.broken.append("no disk of its own may be mounted here")
                continue
            for _ in range(n):
                try:
                    row.kept.append(kept := await struck(stage, Place(store, disk), fault))
                    row.lost_s.append(kept.lost_s)
                except CallerError as exc:
                    row.broken.append(str(exc))
            print(text_table([row.cells()]), file=sys.stderr, flush=True)
    return RecordingLosses(environment, rows)


def _faults(text: str) -> list[str]:
    if unknown := set(text.split(",")) - set(FAULTS):
        raise argparse.ArgumentTypeError(f"no fault {unknown}; there are {', '.join(FAULTS)}")
    return text.split(",")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--faults", type=_faults, default=list(FAULTS), metavar="A,B")
    parser.add_argument("--n", type=int, default=3, help="conversations of each")
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    args = parser.parse_args()
    run_and_leave(run(args.faults, args.n), args.json)


if __name__ == "__main__":
    main()
