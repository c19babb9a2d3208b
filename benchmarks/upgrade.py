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
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import aiohttp
import asyncpg

from benchmarks.api_process import ROOT, own_api
from benchmarks.livekit_server import LiveKitMissing, own_livekit
from benchmarks.postgres_server import bare_postgres
from benchmarks.result import Environment, read_environment
from benchmarks.stats import Summary, summarise
from cli.caller.printout import text_table
from store.migrate import migrate

_SESSIONS: Final = "/v1/voice/sessions"
_BODY: Final = {"system_prompt": "You are a helpful assistant.", "voice": "shubh"}
_CREATES: Final = 800
_CREATE_EVERY_S: Final = 0.1
_ALONE_S: Final = 10.0
_AFTER_S: Final = 5.0
_LOOK_EVERY_S: Final = 0.01
_TIMEOUT: Final = aiohttp.ClientTimeout(total=30)

_SCHEMA: Final = (
    "import asyncio, sys; from store.migrate import migrate; asyncio.run(migrate(sys.argv[1]))"
)
_FILL: Final = """
import asyncio, json, sys
from dataclasses import asdict
from benchmarks.api_load_rows import fill
rows = asyncio.run(fill(sys.argv[1], creates=int(sys.argv[2]), sessions=int(sys.argv[3])))
print(json.dumps(asdict(rows), default=str))"""
_TURNS: Final = """
INSERT INTO turns (id, session_id, turn_index, user_transcript, agent_response, interrupted, stt_ms,
                   first_token_ms, first_audio_ms, total_ms, llm_model, started_at_ms, ended_at_ms,
                   caller_audio_s, agent_audio_s)
SELECT gen_random_uuid(), id, 100 + n, 'When do you open on Sundays?',
       'We open at nine in the morning and close at five.', false, 120, 210, 480, 3900, 'kimi-k2.5',
       n * 9000, n * 9000 + 6000, 1.8, 3.1
FROM sessions, generate_series(1, 2) AS n"""
_LONGEST_WAIT: Final = """
SELECT coalesce(1000 * extract(epoch FROM max(clock_timestamp() - waitstart)), 0)::float
FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE NOT granted AND application_name <> 'migrating'"""


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
                f"failed requests: {len(self.failed)} {' '.join(sorted(set(self.failed)))}",
                f"longest wait for a lock: {self.longest_wait_ms:.0f} ms",
            ]
        )


@dataclass(frozen=True)
class Asked:
    """One request: when it left (monotonic), how long it took, what came."""

    at_s: float
    took_ms: float
    status: str


async def run(release: str, sessions: int) -> UpgradeResult:
    """Raises LiveKitMissing, subprocess.CalledProcessError."""
    environment = read_environment()
    async with AsyncExitStack() as stack:
        source = stack.enter_context(TemporaryDirectory(prefix="vaarta-release-"))
        _check_out(release, Path(source))
        dsn = await stack.enter_async_context(bare_postgres())
        _in_release(source, _SCHEMA, dsn)
        rows = json.loads(_in_release(source, _FILL, dsn, str(_CREATES), str(sessions)))
        await _execute(dsn, _TURNS)
        livekit = await stack.enter_async_context(own_livekit())
        url = await stack.enter_async_context(own_api(dsn, livekit, Path(source)))
        load = await stack.enter_async_context(_loaded(url, rows))
        await asyncio.sleep(_ALONE_S)
        began_s = time.monotonic()
        async with _longest_wait(dsn) as waits_ms:
            applied = await migrate(f"{dsn}{'&' if '?' in dsn else '?'}application_name=migrating")
            took_s = time.monotonic() - began_s
            await asyncio.sleep(_AFTER_S)
    return UpgradeResult(
        release,
        sessions,
        applied,
        took_s,
        alone=summarise([one.took_ms for one in load if one.at_s < began_s]),
        meanwhile=summarise([one.took_ms for one in load if one.at_s >= began_s]),
        failed=[one.status for one in load if one.status not in {"200", "201"}],
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


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@asynccontextmanager
async def _loaded(url: str, rows: dict[str, Any]) -> AsyncIterator[list[Asked]]:
    """Requests until the block's end, appended as they are answered."""
    asked: list[Asked] = []
    async with aiohttp.ClientSession(url, timeout=_TIMEOUT) as http, asyncio.TaskGroup() as group:
        session = f"{_SESSIONS}/{rows['session_id']}"
        tasks = [
            group.create_task(_read(http, asked, rows["reader"], path))
            for path in (f"{_SESSIONS}?limit=50", session, f"{session}/transcript")
        ]
        tasks.append(group.create_task(_create(http, asked, rows["creators"])))
        yield asked
        for task in tasks:
            task.cancel()


async def _read(http: aiohttp.ClientSession, asked: list[Asked], key: str, path: str) -> None:
    while True:
        await _ask(http, asked, key, "GET", path)
        await asyncio.sleep(_LOOK_EVERY_S)


async def _create(http: aiohttp.ClientSession, asked: list[Asked], keys: Sequence[str]) -> None:
    """A tenant's turn comes again when its minute is over."""
    while True:
        for key in keys:
            await _ask(http, asked, key, "POST", _SESSIONS, _BODY)
            await asyncio.sleep(_CREATE_EVERY_S)


async def _ask(
    http: aiohttp.ClientSession,
    asked: list[Asked],
    key: str,
    method: str,
    path: str,
    body: object = None,
) -> None:
    at_s = time.monotonic()
    headers = {"Authorization": f"Bearer {key}"}
    try:
        async with http.request(method, path, headers=headers, json=body) as response:
            await response.read()
            status = str(response.status)
    except (aiohttp.ClientError, TimeoutError) as exc:
        status = type(exc).__name__
    asked.append(Asked(at_s, (time.monotonic() - at_s) * 1000, status))


@asynccontextmanager
async def _longest_wait(dsn: str) -> AsyncIterator[list[float]]:
    """How long those who wait for a lock have waited so far, again and again until the end."""
    waits_ms: list[float] = []

    async def watch() -> None:
        connection = await asyncpg.connect(dsn)
        try:
            while True:
                waits_ms.append(await connection.fetchval(_LONGEST_WAIT))
                await asyncio.sleep(_LOOK_EVERY_S)
        finally:
            await connection.close()

    watching = asyncio.create_task(watch())
    try:
        yield waits_ms
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--release", required=True, metavar="REF", help="the release before")
    parser.add_argument("--sessions", type=int, default=100_000, help="rows before the upgrade")
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    args = parser.parse_args()
    try:
        result = asyncio.run(run(args.release, args.sessions))
    except LiveKitMissing as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(2) from exc
    print(result.table())
    if args.json:
        args.json.write_text(json.dumps(asdict(result), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
