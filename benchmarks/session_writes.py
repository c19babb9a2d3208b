"""`python -m benchmarks.session_writes`: what a session has Postgres do, by its own counters.

    idle for a while | created, greeted | talking, somebody always | deleted, settled
         standing    |     of a session's begin and end, and of each minute of its talk

What a standing platform does by itself is subtracted. Counters are those of pg_stat_database,
pg_stat_user_tables and pg_stat_wal, of a Postgres that nobody else uses; beside them, the processor
time of Postgres and of livekit-server, and what the ledger says that the talk has used.
"""

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final

import asyncpg
import psutil

from benchmarks.rig import Call, open_call
from benchmarks.scenario import Scenario, load_scenario
from benchmarks.system import System, scripted_system

SETTLE_S: Final = 3.0
"""Backends tell of what they did within a second of their last statement."""
STANDING_S: Final = 20.0
_TRANSACTIONS: Final = """
SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"""
_WAL: Final = "SELECT wal_bytes::bigint FROM pg_stat_wal"
_ROWS: Final = """
SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables"""
_SIZES: Final = {
    table: f"SELECT coalesce(avg(pg_column_size(t.*)), 0)::int FROM {table} t"
    for table in ("sessions", "turns", "ledger", "session_events")
}
_USED: Final = """
SELECT service, -sum(credits), sum(audio_seconds), sum(characters), sum(input_tokens),
       sum(output_tokens), (SELECT count(*) FROM turns)
FROM ledger WHERE kind = 'charge' GROUP BY service"""
Counts = Counter[str]


@dataclass(frozen=True)
class Stood:
    """Counters at a moment."""

    at_s: float
    counts: Counts

    def since(self, before: "Stood", standing: Mapping[str, float] | None = None) -> Counts:
        """What was done since then, less what is done by itself, so much a second."""
        lasted_s = self.at_s - before.at_s
        done = Counter({key: n - before.counts[key] for key, n in self.counts.items()})
        for key, a_second in (standing or {}).items():
            done[key] -= round(a_second * lasted_s)
        return Counter({key: n for key, n in done.items() if n > 0})

    def a_second_since(self, before: "Stood") -> Mapping[str, float]:
        """The same, a second."""
        lasted_s = self.at_s - before.at_s
        return {key: n / lasted_s for key, n in self.since(before).items()}


async def stand(connection: asyncpg.Connection, worker_pid: int) -> Stood:
    """Once everybody has told what they did."""
    await asyncio.sleep(SETTLE_S)
    await connection.execute("SELECT pg_stat_clear_snapshot()")
    counts: Counts = Counter()
    backend = psutil.Process(await connection.fetchval("SELECT pg_backend_pid()"))
    counts["Postgres, CPU ms"] = _cpu_ms(backend.parent())
    beside = psutil.Process(worker_pid).parent().children()
    counts["livekit-server, CPU ms"] = sum(
        _cpu_ms(one) for one in beside if one.name().startswith("livekit")
    )
    counts["transactions"] = await connection.fetchval(_TRANSACTIONS)
    counts["WAL bytes"] = await connection.fetchval(_WAL)
    for name, inserted, updated, deleted in await connection.fetch(_ROWS):
        for what, n in (("inserted", inserted), ("updated", updated), ("deleted", deleted)):
            counts[f"{name} {what}"] = n
    return Stood(time.monotonic(), counts)


def _cpu_ms(process: psutil.Process) -> int:
    """Of a process and all that it has begun, also those that are gone."""
    times = process.cpu_times()
    own_s: float = times.user + times.system + times.children_user + times.children_system
    return round(1000 * own_s) + sum(map(_cpu_ms, process.children()))


@dataclass(frozen=True)
class Writes:
    """`a_minute` of one session's talk; `a_session`: of its begin and end. `row_bytes` by table.
    `used` by all of them together, a service a row, after how many minutes of talk."""

    a_minute: Mapping[str, float]
    a_session: Mapping[str, float]
    row_bytes: Mapping[str, int]
    used: Sequence[tuple[object, ...]]


async def measure(sessions: int, seconds: float) -> Writes:
    """So many sessions at once, each talking for so long. Raises SystemFailed, LiveKitMissing."""
    scenario = load_scenario("response_latency")
    async with scripted_system(scenario) as system:
        assert system.database_url is not None, "started here"
        connection = await asyncpg.connect(system.database_url)
        try:
            return await _measured(connection, system, scenario, sessions, seconds)
        finally:
            await connection.close()


async def _measured(
    connection: asyncpg.Connection,
    system: System,
    scenario: Scenario,
    sessions: int,
    seconds: float,
) -> Writes:
    assert system.worker_pid is not None, "started here"
    begun = await stand(connection, system.worker_pid)
    await asyncio.sleep(STANDING_S)
    stood = await stand(connection, system.worker_pid)
    standing = stood.a_second_since(begun)
    async with AsyncExitStack() as stack:
        opening = [open_call(system, scenario) for _ in range(sessions)]
        calls = await asyncio.gather(*map(stack.enter_async_context, opening))
        greeted = await stand(connection, system.worker_pid)
        await asyncio.gather(*(_talk(call, seconds) for call in calls))
        talked = await stand(connection, system.worker_pid)
    ended = await stand(connection, system.worker_pid)
    talk = talked.since(greeted, standing)
    rest = greeted.since(stood, standing) + ended.since(talked, standing)
    minutes = sessions * (talked.at_s - greeted.at_s) / 60
    return Writes(
        {key: n / minutes for key, n in talk.items()},
        {key: n / sessions for key, n in rest.items()},
        {table: await connection.fetchval(of_rows) for table, of_rows in _SIZES.items()},
        [(f"{minutes:.2f} minutes",), *map(tuple, await connection.fetch(_USED))],
    )


async def _talk(call: Call, seconds: float) -> None:
    """Question after question; the next comes once the answer is over."""
    until = time.monotonic() + seconds
    number = 0
    while time.monotonic() < until:
        span = await call.caller.play(call.clip(number))
        if await call.hear_onset(span.last_speech_at) is not None:
            await call.dialogue.hear_answer(span.last_speech_at)
        number += 1


def main(argv: list[str] | None = None) -> None:
    """Print what was counted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=2, help="at once")
    parser.add_argument("--seconds", type=float, default=90.0, help="of talk")
    options = parser.parse_args(argv)
    writes = asyncio.run(measure(options.sessions, options.seconds))
    print("| | a minute of talk | begin and end |\n| --- | --- | --- |")
    for key in sorted({*writes.a_minute, *writes.a_session}):
        minute, session = writes.a_minute.get(key, 0.0), writes.a_session.get(key, 0.0)
        print(f"| {key} | {minute:,.1f} | {session:,.1f} |")
    print(f"\nbytes a row: {dict(writes.row_bytes)}")
    print("used: service, credits, s of sound, characters, tokens in, tokens out, turns")
    for row in writes.used:
        print(*row)


if __name__ == "__main__":
    main()
