"""`python -m benchmarks.recovery`: what callers notice when something fails, a row a fault.

A system of the run's own, its processes killed and its sockets cut (`benchmarks/chaos`), measured
from a caller's sound, the stored transcripts and the webhooks.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.chaos.faults import FAULTS, Fault
from benchmarks.chaos.islands import Islands, IslandsUnavailable, islands
from benchmarks.chaos.rows import COLUMNS, RecoveryRow, measure
from benchmarks.chaos.stage import staged
from benchmarks.livekit_server import LiveKitMissing
from benchmarks.result import Environment, read_environment
from cli.caller.printout import text_table


@dataclass(frozen=True)
class RecoveryResult:
    """What `--json` holds. `workers`: how many share the sessions."""

    environment: Environment
    workers: int
    rows: Sequence[RecoveryRow]

    def write(self, path: Path) -> None:
        """Raises OSError."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    def table(self) -> str:
        return text_table([list(COLUMNS), *(row.cells() for row in self.rows)])


async def run_recovery(
    faults: Sequence[Fault], n: int, workers: int, apart: Islands | None
) -> RecoveryResult:
    """One system for all of them. Raises LiveKitMissing, or AssertionError when it cannot start."""
    environment = read_environment()
    rows = []
    async with staged(workers=workers, islands=apart) as stage:
        for fault in faults:
            rows.append(row := await measure(stage, fault, n))
            print(text_table([row.cells()]), file=sys.stderr, flush=True)
    return RecoveryResult(environment, workers, rows)


@contextmanager
def _where_needed(faults: Sequence[Fault], workers: int) -> Iterator[Islands | None]:
    """Islands for the faults that happen on them; on loopback the others are as they are."""
    if not any(fault.needs_islands for fault in faults):
        yield None
        return
    with islands(workers) as apart:
        yield apart


def _faults(text: str) -> list[Fault]:
    try:
        return [FAULTS[name] for name in text.split(",")]
    except KeyError as exc:
        raise argparse.ArgumentTypeError(f"no fault {exc}; there are {', '.join(FAULTS)}") from exc


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--faults", type=_faults, default=list(FAULTS.values()), metavar="A,B")
    parser.add_argument("--n", type=int, default=10, help="trials of each")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    args = parser.parse_args()
    try:
        with _where_needed(args.faults, args.workers) as apart:
            result = asyncio.run(run_recovery(args.faults, args.n, args.workers, apart))
    except (LiveKitMissing, IslandsUnavailable) as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(2) from exc
    print(result.table())
    if args.json:
        result.write(args.json)


if __name__ == "__main__":
    main()
