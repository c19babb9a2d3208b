"""`python -m benchmarks.upgrade --release REF`: what a release notices of the next one's files.

The code of a commit makes its schema, fills it and serves from it under load, while this
checkout's `migrate` brings the schema to what it needs itself:

    release    serve ─────────────────────────────────▶
    load       alone ────────── meanwhile ──── after ─▶
    migrate              ├─ file ─ file ─ … ─┤
"""

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import asyncpg

from benchmarks.api_load_rows import ADD_TURNS_TO_ALL
from benchmarks.api_process import ROOT, own_api
from benchmarks.livekit_server import own_livekit
from benchmarks.output import run_and_leave
from benchmarks.postgres_server import bare_postgres
from benchmarks.result import Environment, read_environment
from benchmarks.stats import Summary, summarise
from benchmarks.steady_load import N_CREATES, loaded, lock_waits, told, unwatched
from cli.caller.printout import text_table
from store.migrate import migrate

_ALONE_S: Final = 10.0
_TURNS_EACH: Final = 2
_AFTER_S: Final = 5.0

_SCHEMA: Final = (
    "import asyncio, sys; from store.migrate import migrate; asyncio.run(migrate(sys.argv[1]))"
)
_FILL: Final = """
import asyncio, json, sys
from dataclasses import asdict
from benchmarks.api_load_rows import fill
rows = asyncio.run(fill(sys.argv[1], creates=int(sys.argv[2]), sessions=int(sys.argv[3])))
print(json.dumps(asdict(rows), default=str))"""


@dataclass(frozen=True)
class UpgradeResult:
    """`longest_wait_ms`: for a lock, of anybody but the migration, as seen every 10 ms."""

    release: str
    sessions: int
    applied: Sequence[str]
    took_s: float
    alone: Summary | None
    meanwhile: Summary | None
    failed: Sequence[str]
    longest_wait_ms: float
    environment: Environment

    def table(self) -> str:
        table = [["requests", "n", "p50 ms", "p95", "max"]]
        for name, one in (("alone", self.alone), ("meanwhile", self.meanwhile)):
            figures = [f"{x:g}" for x in (one.n, one.p50, one.p95, one.max)] if one else ["-"] * 4
            table.append([name, *figures])
        return "\n".join(
            [
                text_table(table),
                f"{len(self.applied)} files in {self.took_s:.1f} s on {self.sessions} sessions",
                *told(self.failed, self.longest_wait_ms),
            ]
        )


async def run(release: str, sessions: int) -> UpgradeResult:
    """Raises LiveKitMissing, subprocess.CalledProcessError."""
    environment = read_environment()
    async with AsyncExitStack() as stack:
        source = stack.enter_context(TemporaryDirectory(prefix="vaarta-release-"))
        _check_out(release, Path(source))
        dsn = await stack.enter_async_context(bare_postgres())
        _in_release(source, _SCHEMA, dsn)
        rows = json.loads(_in_release(source, _FILL, dsn, str(N_CREATES), str(sessions)))
        await _execute(dsn, ADD_TURNS_TO_ALL, _TURNS_EACH)
        livekit = await stack.enter_async_context(own_livekit())
        url = await stack.enter_async_context(own_api(dsn, livekit, source=Path(source)))
        load = await stack.enter_async_context(loaded(url, rows))
        await asyncio.sleep(_ALONE_S)
        began_s = time.monotonic()
        async with lock_waits(dsn) as waits_ms:
            applied = await migrate(unwatched(dsn))
            took_s = time.monotonic() - began_s
            await asyncio.sleep(_AFTER_S)
    return UpgradeResult(
        release,
        sessions,
        applied,
        took_s,
        alone=summarise([one.took_ms for one in load if one.at_s < began_s]),
        meanwhile=summarise([one.took_ms for one in load if one.at_s >= began_s]),
        failed=[one.status for one in load if one.is_failed],
        longest_wait_ms=max(waits_ms, default=0.0),
        environment=environment,
    )


def _check_out(release: str, into: Path) -> None:
    archive = subprocess.run(
        ["git", "archive", "--", release],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    subprocess.run(["tar", "-x", "-C", str(into)], input=archive.stdout, check=True)


def _in_release(source: str, code: str, *arguments: str) -> str:
    """What that release's own code prints."""
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=source, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


async def _execute(dsn: str, statement: str, *arguments: object) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement, *arguments)
    finally:
        await connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--release", required=True, metavar="REF", help="the release before")
    parser.add_argument("--sessions", type=int, default=100_000, help="rows before the upgrade")
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    args = parser.parse_args()
    run_and_leave(run(args.release, args.sessions), args.json)


if __name__ == "__main__":
    main()
