"""`python -m benchmarks.webhook_load`: deliveries a second from one API process.

The outbox is filled first, then the API is started; its sender has nothing else to do. With
`--kill-at` it is killed (SIGKILL) once so many came, and started again.
"""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final
from uuid import uuid4

from pydantic import SecretStr

from benchmarks.output import run_and_leave
from benchmarks.postgres_server import own_postgres
from benchmarks.result import Environment, read_environment
from benchmarks.stats import Summary, summarise
from benchmarks.webhook_inbox import Inbox, open_inbox
from cli.caller.printout import text_table
from core.rights import Plan
from core.setting_groups import DatabaseSettings
from store.admission import AdmissionRepository, Terms
from store.pool import Database
from store.records import EndReason, NewSession, SessionId, TenantId
from store.sessions import SessionRepository
from store.tenants import TenantRepository

_ROOT: Final = Path(__file__).parent.parent
_NO_LIMITS: Final = Terms(creates_per_minute=10_000_000, min_credits=Decimal(0), places={})
_CONFIG: Final = {"llm_model": "kimi-k2.5", "voice": "shubh", "language": "en-IN"}
_WRITERS: Final = 8
_POLL_S: Final = 0.2
_DEADLINE_S: Final = 600.0
_PENDING: Final = "SELECT count(*) FROM webhook_deliveries WHERE status = 'pending'"
_LATENCIES: Final = "SELECT latency_ms FROM webhook_attempts"


@dataclass(frozen=True)
class WebhookResult:
    """`attempt_ms`: what the log says of each attempt, from the look at the name to the answer."""

    deliveries: int
    per_second: float
    lost: int
    doubled: int
    sessions_out_of_order: int
    killed_at: int | None
    attempt_ms: Summary | None
    environment: Environment

    def table(self) -> str:
        """The figures, one line."""
        attempt = self.attempt_ms
        latencies = ["-", "-"] if attempt is None else [f"{attempt.p50:g}", f"{attempt.p99:g}"]
        row = [self.deliveries, round(self.per_second), self.lost, self.doubled]
        head = ["n", "a second", "lost", "doubled", "out of order", "attempt p50 ms", "p99 ms"]
        return text_table([head, [*map(str, row), str(self.sessions_out_of_order), *latencies]])


async def run(sessions: int, kill_at: int | None) -> WebhookResult:
    environment = read_environment()
    async with own_postgres() as dsn, open_inbox() as inbox:
        database = await Database.open(DatabaseSettings(url=SecretStr(dsn)))
        try:
            await _fill(database, inbox.url, sessions)
            await _deliver(database, inbox, dsn, kill_at)
            async with database.connection() as connection:
                samples = [float(row[0]) for row in await connection.fetch(_LATENCIES)]
        finally:
            await database.close()
    return WebhookResult(
        deliveries=2 * sessions,
        per_second=round(inbox.per_second, 1),
        lost=2 * sessions - len(inbox.times),
        doubled=inbox.n_doubled,
        sessions_out_of_order=inbox.n_out_of_order,
        killed_at=kill_at,
        attempt_ms=summarise(samples),
        environment=environment,
    )


async def _fill(database: Database, url: str, sessions: int) -> None:
    """Two deliveries a session: its start and its end."""
    async with database.connection() as connection:
        tenant = await TenantRepository(connection).add("Load", Plan.ENTERPRISE)
    left = iter(range(sessions))

    async def write() -> None:
        for _ in left:
            await _tell(database, tenant.id, url)

    async with asyncio.TaskGroup() as group:
        for _ in range(_WRITERS):
            group.create_task(write())


async def _tell(database: Database, tenant_id: TenantId, url: str) -> None:
    new = NewSession(
        id=SessionId(uuid4()),
        tenant_id=tenant_id,
        config=_CONFIG,
        room_name=f"voice-{uuid4().hex}",
        webhook_url=url,
    )
    async with database.connection() as connection:
        await AdmissionRepository(connection).create(new, _NO_LIMITS)
        await SessionRepository(connection).end_session(new.id, EndReason.CALLER_HANGUP)


async def _deliver(database: Database, inbox: Inbox, dsn: str, kill_at: int | None) -> None:
    async with asyncio.timeout(_DEADLINE_S):
        if kill_at is not None:
            async with _api(dsn) as process:
                await inbox.until(kill_at)
                process.send_signal(signal.SIGKILL)
        async with _api(dsn):
            while await _is_pending(database):  # noqa: ASYNC110 - the rows tell nobody
                await asyncio.sleep(_POLL_S)


async def _is_pending(database: Database) -> bool:
    async with database.connection() as connection:
        return bool(await connection.fetchval(_PENDING))


@asynccontextmanager
async def _api(dsn: str) -> AsyncIterator[asyncio.subprocess.Process]:
    env = {
        **os.environ,
        "APP_ENV": "development",
        "DATABASE_URL": dsn,
        "WEBHOOK_ALLOW_PRIVATE": "true",
        "API_PORT": "0",
        "API_DRAIN_S": "0",
        "METRICS_PORT": "0",
        "LOG_LEVEL": "WARNING",
    }
    command = (sys.executable, "-m", "control_api")
    process = await asyncio.create_subprocess_exec(*command, cwd=_ROOT, env=env)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=1500, help="two deliveries each")
    parser.add_argument("--kill-at", type=int, metavar="N", help="kill the API once N came")
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    args = parser.parse_args()
    run_and_leave(run(args.sessions, args.kill_at), args.json)


if __name__ == "__main__":
    main()
