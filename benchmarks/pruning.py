"""`python -m benchmarks.pruning`: what callers notice while a great many old rows are pruned.

One process serves creates and reads at a steady pace and keeps everything; another, on the same
database, prunes.
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import asyncpg

from benchmarks.api_load_rows import ADD_TURNS_TO_ALL, fill
from benchmarks.api_process import own_api
from benchmarks.livekit_server import own_livekit
from benchmarks.output import run_and_leave
from benchmarks.postgres_server import own_postgres
from benchmarks.result import Environment, read_environment
from benchmarks.stats import Summary, summarise
from benchmarks.steady_load import N_CREATES, Asked, loaded, lock_waits, told
from cli.caller.printout import text_table

_ALONE_S: Final = 15.0
_TURNS_EACH: Final = 10
_LONGEST_S: Final = 900.0
_LOOK_EVERY_S: Final = 1.0
_KEEPS_ALL: Final = {"RETENTION_DELIVERIES_DAYS": "0", "RETENTION_AUDIT_DAYS": "0"}
_PRUNES: Final = {"RETENTION_DELIVERIES_DAYS": "30", "RETENTION_TRANSCRIPTS_DAYS": "30"}
_AGE: Final = """
UPDATE sessions SET created_at = created_at - interval '60 days',
                    started_at = started_at - interval '60 days',
                    ended_at = ended_at - interval '60 days'"""
_DELIVERIES: Final = """
INSERT INTO webhook_deliveries (id, tenant_id, session_id, url, event, data, status, attempts,
                                created_at, delivered_at, next_attempt_at, replay_of)
SELECT gen_random_uuid(), s.tenant_id, s.id, 'https://shop.example/calls',
       'voice_session.ended', '{"status": "completed"}', 'succeeded', 1, s.created_at,
       s.created_at, NULL, gen_random_uuid()
FROM sessions s, generate_series(1, $1::int) AS n"""
_IS_ANY_LEFT: Final = """
SELECT EXISTS (SELECT FROM webhook_deliveries WHERE created_at < now() - interval '30 days')
    OR EXISTS (SELECT FROM sessions
               WHERE erased_at IS NULL AND ended_at < now() - interval '30 days')"""
_LEFT: Final = """
SELECT (SELECT count(*) FROM webhook_deliveries WHERE created_at < now() - interval '30 days')
     + (SELECT count(*) FROM turns t JOIN sessions s ON s.id = t.session_id
        WHERE s.erased_at IS NULL AND s.ended_at < now() - interval '30 days')"""


@dataclass(frozen=True)
class PruningResult:
    """Creates and reads in ms. `longest_wait_ms`: for a lock, of anybody, as seen every 10 ms."""

    n_old: int
    n_pruned: int
    took_s: float
    alone: Sequence[Summary | None]
    meanwhile: Sequence[Summary | None]
    failed: Sequence[str]
    longest_wait_ms: float
    environment: Environment

    def table(self) -> str:
        table = [["", "n", "p50 ms", "p95", "max"]]
        for when, summaries in (("alone", self.alone), ("meanwhile", self.meanwhile)):
            for what, one in zip(("creates", "reads"), summaries, strict=True):
                figures = [f"{x:g}" for x in (one.n, one.p50, one.p95, one.max)] if one else []
                table.append([f"{what} {when}", *figures])
        return "\n".join(
            [
                text_table(table),
                f"{self.n_pruned:,} of {self.n_old:,} rows pruned in {self.took_s:.0f} s",
                *told(self.failed, self.longest_wait_ms),
            ]
        )


async def run(sessions: int, deliveries: int) -> PruningResult:
    """Raises LiveKitMissing."""
    environment = read_environment()
    async with AsyncExitStack() as stack:
        dsn = await stack.enter_async_context(own_postgres())
        livekit = await stack.enter_async_context(own_livekit())
        rows = await fill(dsn, creates=N_CREATES, sessions=sessions)
        connection = await asyncpg.connect(dsn)
        stack.push_async_callback(connection.close)
        await _grow_old(connection, deliveries // sessions)
        n_old = await connection.fetchval(_LEFT)
        url = await stack.enter_async_context(own_api(dsn, livekit, settings=_KEEPS_ALL))
        load = await stack.enter_async_context(loaded(url, asdict(rows)))
        await asyncio.sleep(_ALONE_S)
        ends_s = time.monotonic()
        await stack.enter_async_context(own_api(dsn, livekit, settings=_PRUNES))
        began_s = time.monotonic()
        async with lock_waits(dsn) as waits_ms:
            await _until_pruned(connection)
        took_s = time.monotonic() - began_s
        asked = list(load)
        left = await connection.fetchval(_LEFT)
    return PruningResult(
        n_old,
        n_old - left,
        took_s,
        alone=_summaries([one for one in asked if one.at_s < ends_s]),
        meanwhile=_summaries([one for one in asked if one.at_s >= began_s]),
        failed=[one.status for one in asked if one.is_failed],
        longest_wait_ms=max(waits_ms, default=0.0),
        environment=environment,
    )


async def _grow_old(connection: asyncpg.Connection, deliveries_each: int) -> None:
    await connection.execute(_AGE)
    await connection.execute(ADD_TURNS_TO_ALL, _TURNS_EACH)
    await connection.execute(_DELIVERIES, deliveries_each)
    await connection.execute("VACUUM (ANALYZE)")


async def _until_pruned(connection: asyncpg.Connection) -> None:
    deadline = time.monotonic() + _LONGEST_S
    while await connection.fetchval(_IS_ANY_LEFT) and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(_LOOK_EVERY_S)


def _summaries(asked: Sequence[Asked]) -> Sequence[Summary | None]:
    """Of creates, and of reads."""
    return [
        summarise([one.took_ms for one in asked if (one.method == "POST") == is_create])
        for is_create in (True, False)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=20_000, help="old ones, of ten turns each")
    parser.add_argument("--deliveries", type=int, default=1_000_000, help="old ones")
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    args = parser.parse_args()
    run_and_leave(run(args.sessions, args.deliveries), args.json)


if __name__ == "__main__":
    main()
