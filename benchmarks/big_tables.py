"""`python -m benchmarks.big_tables`: lists, reports and a deletion on a tenant's millions of rows.

Then that tenant at its worst (fifty connections that read all they can, five hundred requests a
second with a token, twenty endpoints that never answer) beside others' creates and their webhooks:
these alone first, in the same run. One API process; the clients run beside it.
"""

import argparse
import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import repeat
from pathlib import Path
from typing import Final

import aiohttp

from benchmarks.api_load_rows import CREATES_PER_TENANT
from benchmarks.api_process import own_api
from benchmarks.api_samples import Measured
from benchmarks.big_tables_client import JWT_SECRET, Owner
from benchmarks.big_tables_rows import (
    DAYS,
    Big,
    Sizes,
    explain,
    fill,
    leave_waiting,
    roll_up,
)
from benchmarks.livekit_server import own_livekit
from benchmarks.other_tenants import OtherTenants
from benchmarks.output import run_and_leave
from benchmarks.postgres_server import own_postgres
from benchmarks.result import Environment, read_environment
from benchmarks.webhook_inbox import never_answering, open_inbox
from benchmarks.worst_tenant import at_its_worst
from cli.caller.printout import text_table
from store.pages import NEWEST

_TIMEOUT: Final = aiohttp.ClientTimeout(total=60)
_SETTINGS: Final = {"AUTH_JWT_SECRET": JWT_SECRET, "WEBHOOK_ALLOW_PRIVATE": "true"}
_WAITING_EACH: Final = 500
"""Deliveries of each endpoint that never answers."""
_AT_WORST_S: Final = 2.0
"""Before others' creates are measured beside it."""


@dataclass(frozen=True)
class BigTablesResult:
    """`ratio`: p95 of creates beside the tenant at its worst, over p95 alone; `worst`: how often it
    was answered what."""

    sizes: Sizes
    rolled_hours: int
    rolled_in_s: float
    requests: Sequence[Measured]
    ratio: float | None
    worst: Mapping[str, int]
    plans: Sequence[str]
    environment: Environment

    def table(self) -> str:
        """The figures, then the plans."""
        head = ["request", "p50 ms", "p95", "max", "n", "errors"]
        table = text_table([head, *(one.cells for one in self.requests)])
        rolled = f"{self.rolled_hours} hours rolled up in {self.rolled_in_s:.0f} s"
        worst = f"the tenant at its worst: {dict(self.worst)}"
        return "\n".join([table, rolled, f"creates' p95, ratio: {self.ratio}", worst, *self.plans])


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
        url = await stack.enter_async_context(own_api(dsn, livekit, settings=_SETTINGS))
        http = await stack.enter_async_context(aiohttp.ClientSession(url, timeout=_TIMEOUT))
        owner = Owner(http, url, big)
        measured = [
            await owner.measure(name, repeat(path, requests))
            for name, path in (await owner.paths()).items()
        ]
        inbox = await stack.enter_async_context(open_inbox())
        others = OtherTenants(http, big.creators, inbox)
        await others.create("warm-up", CREATES_PER_TENANT)
        alone = await others.create("create alone", creates)
        hanging = await stack.enter_async_context(never_answering())
        await leave_waiting(dsn, big, await owner.add_endpoints(hanging), _WAITING_EACH)
        async with at_its_worst(owner.worst_orders) as worst:
            await asyncio.sleep(_AT_WORST_S)
            beside = await others.create("create beside the worst", creates)
        measured += [*alone, *beside, await owner.deletion()]
        plans = await explain(dsn, _statements(big))
    ratio = None
    if alone[0].summary and beside[0].summary:
        ratio = round(beside[0].summary.p95 / alone[0].summary.p95, 2)
    return BigTablesResult(
        sizes, rolled_hours, rolled_in_s, measured, ratio, worst, plans, environment
    )


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
