"""`python -m benchmarks.api_load`: one API process, one Postgres and a LiveKit of the run's own.

Each route at 1, 16 and 64 connections: every connection sends its next request when it has the
answer to the last one. The client runs beside the API and takes its share of the machine.
"""

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import chain, cycle, islice, repeat
from pathlib import Path
from typing import Any, Final

import aiohttp

from benchmarks.api_load_rows import CREATES_PER_TENANT, Rows, fill
from benchmarks.api_process import own_api
from benchmarks.livekit_server import own_livekit
from benchmarks.output import run_and_leave
from benchmarks.postgres_server import own_postgres
from benchmarks.result import Environment, read_environment
from benchmarks.stats import Summary, summarise
from cli.caller.printout import text_table

CONNECTIONS: Final = (1, 16, 64)
_SESSIONS: Final = "/v1/voice/sessions"
_WARM_UP: Final = 20
_TIMEOUT: Final = aiohttp.ClientTimeout(total=30)
_BODY: Final = {"system_prompt": "You are a helpful assistant.", "voice": "shubh"}


@dataclass(frozen=True)
class Request:
    """One request of a load."""

    method: str
    path: str
    key: str
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class RouteResult:
    """`errors`: by status, not among the samples."""

    route: str
    connections: int
    per_second: float
    summary: Summary | None
    errors: Mapping[str, int]


@dataclass(frozen=True)
class LoadResult:
    """`plan`: how Postgres reads a page of 200 of the tenant that has `rows` sessions."""

    rows: int
    routes: Sequence[RouteResult]
    plan: Sequence[str]
    environment: Environment

    def table(self) -> str:
        """The figures, then the plan."""
        table = [["route", "connections", "a second", "p50 ms", "p95", "p99", "max", "n", "errors"]]
        for one in self.routes:
            s = one.summary
            cells = [f"{x:g}" for x in (s.p50, s.p95, s.p99, s.max, s.n)] if s else ["-"] * 5
            head = [one.route, str(one.connections), f"{one.per_second:.0f}"]
            table.append([*head, *cells, str(sum(one.errors.values()))])
        return "\n".join([text_table(table), "", *self.plan])


async def run(requests: int, rows: int) -> LoadResult:
    """Raises LiveKitMissing."""
    environment = read_environment()
    creates = len(CONNECTIONS) * requests + CREATES_PER_TENANT + _WARM_UP
    async with AsyncExitStack() as stack:
        dsn = await stack.enter_async_context(own_postgres())
        livekit = await stack.enter_async_context(own_livekit())
        filled = await fill(dsn, creates=creates, sessions=rows)
        url = await stack.enter_async_context(own_api(dsn, livekit))
        routes = [
            await _measure(url, route, connections, islice(load, requests))
            for route, load in _loads(filled).items()
            for connections in await _warmed_up(url, load)
        ]
    return LoadResult(rows, routes, filled.plan, environment)


def _loads(rows: Rows) -> dict[str, Iterator[Request]]:
    session = f"{_SESSIONS}/{rows.session_id}"
    keys = chain.from_iterable(repeat(key, CREATES_PER_TENANT) for key in rows.creators)
    paths = {
        "get": session,
        "list of 50": f"{_SESSIONS}?limit=50",
        "list of 200": f"{_SESSIONS}?limit=200",
        "transcript": f"{session}/transcript",
    }
    return {
        "create": (Request("POST", _SESSIONS, key, _BODY) for key in keys),
        **{name: cycle([Request("GET", path, rows.reader)]) for name, path in paths.items()},
    }


async def _warmed_up(url: str, load: Iterator[Request]) -> Sequence[int]:
    """The connections to measure with, once the route has been asked a few times."""
    await _measure(url, "", 1, islice(load, _WARM_UP))
    return CONNECTIONS


async def _measure(url: str, route: str, connections: int, load: Iterator[Request]) -> RouteResult:
    samples_ms: list[float] = []
    errors: Counter[str] = Counter()
    connector = aiohttp.TCPConnector(limit=connections)
    async with aiohttp.ClientSession(url, connector=connector, timeout=_TIMEOUT) as http:

        async def connection() -> None:
            for request in load:
                started = time.perf_counter()
                status = await _send(http, request)
                if status in {200, 201}:
                    samples_ms.append((time.perf_counter() - started) * 1000)
                else:
                    errors[str(status)] += 1

        started = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(connections):
                group.create_task(connection())
        elapsed_s = time.perf_counter() - started
    return RouteResult(
        route, connections, len(samples_ms) / elapsed_s, summarise(samples_ms), dict(errors)
    )


async def _send(http: aiohttp.ClientSession, request: Request) -> int | str:
    headers = {"Authorization": f"Bearer {request.key}"}
    try:
        async with http.request(
            request.method, request.path, headers=headers, json=request.body
        ) as response:
            await response.read()
            return response.status
    except (aiohttp.ClientError, TimeoutError) as exc:
        return type(exc).__name__


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--requests", type=int, default=1000, help="a route and connections")
    parser.add_argument("--rows", type=int, default=1_000_000, help="sessions in the long list")
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    args = parser.parse_args()
    run_and_leave(run(args.requests, args.rows), args.json)


if __name__ == "__main__":
    main()
