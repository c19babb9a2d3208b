"""`python -m benchmarks.big_tables`: lists, reports and a deletion on a tenant's millions of rows.

Then that tenant at its worst, fifty connections that read all they can, beside another's creates:
these alone first, in the same run. One API process; the client runs beside it.
"""

import argparse
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import repeat
from pathlib import Path
from typing import Final

import aiohttp

from benchmarks.api_load_rows import CREATES_PER_TENANT
from benchmarks.api_process import own_api
from benchmarks.big_tables_client import AT_ONCE, JWT_SECRET, Measured, Owner
from benchmarks.big_tables_rows import (
    DAYS,
    Big,
    Sizes,
    explain,
    fill,
    roll_up,
)
from benchmarks.livekit_server import own_livekit
from benchmarks.output import run_and_leave
from benchmarks.postgres_server import own_postgres
from benchmarks.result import Environment, read_environment
from cli.caller.printout import text_table
from store.pages import NEWEST

_TIMEOUT: Final = aiohttp.ClientTimeout(total=60)


@dataclass(frozen=True)
class BigTablesResult:
    """`ratio`: p95 of creates beside the tenant at its worst, over p95 alone."""

    sizes: Sizes
    rolled_hours: int
    rolled_in_s: float
    requests: Sequence[Measured]
    ratio: float | None
    plans: Sequence[str]
    environment: Environment

    def table(self) -> str:
        """The figures, then the plans."""
        head = ["request", "p50 ms", "p95", "max", "n", "errors"]
        table = text_table([head, *(one.cells for one in self.requests)])
        rolled = f"{self.rolled_hours} hours rolled up in {self.rolled_in_s:.0f} s"
        return "\n".join([table, rolled, f"creates' p95, ratio: {self.ratio}", *self.plans])


async def run(sizes: Sizes, requests: int, creates: int) -> BigTablesResult:
    """Raises LiveKitMissing."""
    environment = read_environment()
    async with AsyncExitStack() as stack:
        dsn = await stack.enter_async_context(own_postgres())
        livekit = await stack.enter_async_context(own_livekit())
        big = await fill(dsn, sizes, creates=2 * creates + CREATES_PER_TENANT)
        started = time.perf_counter()
        rolled_hours = await roll_up(dsn)
        rolled_in_s = time.perf_counter() - started
        api = own_api(dsn, livekit, settings={"AUTH_JWT_SECRET": JWT_SECRET})
        url = await stack.enter_async_context(api)
        http = await stack.enter_async_context(
            aiohttp.ClientSession(
                url, timeout=_TIMEOUT, connector=aiohttp.TCPConnector(limit=2 * AT_ONCE)
            )
        )
        owner = Owner(http, big)
        measured = [
            await owner.measure(name, repeat(path, requests))
            for name, path in (await owner.paths()).items()
        ]
        alone, beside = await owner.creates_beside_the_worst(creates)
        measured += [alone, beside, await owner.deletion()]
        plans = await explain(dsn, _statements(big))
    ratio = None
    if alone.summary and beside.summary:
        ratio = round(beside.summary.p95 / alone.summary.p95, 2)
    return BigTablesResult(sizes, rolled_hours, rolled_in_s, measured, ratio, plans, environment)


def _statements(big: Big) -> dict[str, tuple[str, tuple[object, ...]]]:
    place = (datetime.now(UTC) - timedelta(days=DAYS / 2), big.webhook_id)
    return {
        "sessions behind a place": (
            f"SELECT * FROM sessions WHERE tenant_id = $1 AND {NEWEST.behind(2)} "
            f"ORDER BY {NEWEST} LIMIT 51",
            (big.tenant_id, *place),
        ),
        "transactions behind a place": (
            f"SELECT * FROM ledger WHERE tenant_id = $1 AND {NEWEST.behind(2)} "
            f"ORDER BY {NEWEST} LIMIT 51",
            (big.tenant_id, *place),
        ),
        "failed deliveries behind a place": (
            "SELECT * FROM webhook_deliveries WHERE target = $1 AND status = 'failed' "
            "AND (seq) < ($2::bigint) ORDER BY seq DESC LIMIT 51",
            (big.webhook_id, 10**9),
        ),
        "the words of a search": (
            "SELECT count(*) FROM turns WHERE words @@ transcript_query($1, 'a')",
            (big.tenant_id,),
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=1_000_000)
    parser.add_argument("--turns", type=int, default=2, help="of each session")
    parser.add_argument("--deliveries", type=int, default=2_000_000)
    parser.add_argument("--requests", type=int, default=40, help="of each kind")
    parser.add_argument("--creates", type=int, default=200, help="alone, and beside the worst")
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    args = parser.parse_args()
    sizes = Sizes(args.sessions, args.turns, args.deliveries)
    run_and_leave(run(sizes, args.requests, args.creates), args.json)


if __name__ == "__main__":
    main()
